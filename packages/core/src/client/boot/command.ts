import { SUDO_PROMPT, type SudoMode } from '../ssh/sudo.ts'
import { bootScript } from './script.ts'

const SAFE = /^[A-Za-z0-9.+_-]+$/

/**
 * Becomes root if need be. Whether sudo lets us shows on its standard error, in its own language: C. No terminal is asked
 * for, because one would change bytes; a password is read from standard input, one line of it.
 */
const OUTER = (sudo: string) => `if [ "$(id -u)" = 0 ]; then exec sh -c "$@"; fi
command -v sudo >/dev/null || { echo "AXLE1-ERROR AXLE_RIGHTS the user $(id -un) is not root, and there is no sudo"; exit 1; }
LC_ALL=C
export LC_ALL
exec sudo ${sudo} -- sh -c "$@"`
const WAYS: Readonly<Record<SudoMode, string>> = { silent: OUTER('-n'), asking: OUTER(`-S -p ${SUDO_PROMPT}`) }

export interface BootArguments {
  readonly engine: string
  readonly project: string
  /** `operate`: what is asked will run in a unit of its own. */
  readonly verb: 'operate' | 'ask'
  /** Versions of Node; the engine runs on the first. */
  readonly nodes: readonly string[]
  readonly sudo?: SudoMode
}

/** The one command line of a session. All that varies in it are names from allow-lists. */
export function bootCommand(
  { engine, project, verb, nodes, sudo = 'silent' }: BootArguments,
  script = bootScript(),
): string {
  const words = [engine, project, verb, ...nodes]
  const odd = [
    ...words.filter((word) => !SAFE.test(word)),
    ...[script, WAYS[sudo]].filter((text) => text.includes("'")),
  ]
  if (odd.length > 0) throw new Error(`not fit for a command line: ${odd.join(' ')}`)
  return ['sh', '-c', `'${WAYS[sudo]}'`, 'axle', `'${script}'`, 'axle-boot', ...words].join(' ')
}
