import { stat } from 'node:fs/promises'
import { execa } from 'execa'
import { AxleError } from '../../protocol/errors.ts'
import type { Argv, RunOptions, RunResult, StreamOptions } from './host.ts'

export const CLEAN_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
}
const WITHIN = 60_000
const UNTIL_KILLED = 2_000
const LAST_LINES = 20

/** Runs a program, without a shell, in a clean environment. */
export async function runCommand(argv: Argv, options: RunOptions = {}): Promise<RunResult> {
  const { input, env, cwd, within = WITHIN, accept = [0], signal } = options
  signal?.throwIfAborted()
  const [file, ...rest] = argv
  const child = execa(file, rest, {
    env: { ...CLEAN_ENVIRONMENT, ...env },
    extendEnv: false,
    reject: false,
    all: true,
    stripFinalNewline: false,
    // A group of its own: a program's children hold its pipes, and would otherwise outlive the deadline with us waiting.
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  })
  const ending = endBy(child.pid, within, signal)
  const result = await child.finally(ending.done)
  if (ending.cause() === 'aborted')
    throw signal?.reason ?? new AxleError('AXLE_TIMEOUT', `${shown(argv)} was cancelled`)
  if (ending.cause() === 'late') {
    throw new AxleError('AXLE_TIMEOUT', `${shown(argv)} did not end within ${within / 1000} s`, {
      output: lastLines(result.all),
    })
  }
  if (result.exitCode === undefined) throw await noExitCode(argv, cwd, result)
  if (accept !== 'any' && !accept.includes(result.exitCode)) throw refused(argv, result.exitCode, result.all)
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }
}

/** Lines as they come. The program is killed when nobody wants more. */
export async function* streamCommand(argv: Argv, options: StreamOptions = {}): AsyncGenerator<string, void, undefined> {
  const { signal } = options
  if (signal?.aborted === true) return
  const [file, ...rest] = argv
  const child = execa(file, rest, {
    env: CLEAN_ENVIRONMENT,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    // Lines are read as they come and not kept: a followed log has no end.
    buffer: { stdout: false, stderr: true },
    forceKillAfterDelay: UNTIL_KILLED,
  })
  let wanted = true
  const stop = (): void => {
    wanted = false
    child.kill()
  }
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for await (const line of linesOf(child.iterable())) yield line
    const result = await child
    if (!wanted) return
    if (result.exitCode === undefined) throw await noExitCode(argv, undefined, result)
    if (result.exitCode !== 0) throw refused(argv, result.exitCode, result.stderr)
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
    await child
  }
}

async function* linesOf(lines: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* lines
  } catch {
    // How the program ended is told by its result, which is looked at next.
  }
}

export function lastLines(text: string | undefined): string {
  return (text ?? '').trimEnd().split('\n').slice(-LAST_LINES).join('\n')
}

function shown(argv: Argv): string {
  return `"${argv.join(' ')}"`
}

function refused(argv: Argv, exitCode: number, output: string): AxleError {
  return new AxleError('AXLE_COMMAND', `${shown(argv)} ended with exit code ${exitCode}`, { output: lastLines(output) })
}

interface Ended {
  readonly signal?: string | undefined
  readonly code?: string | undefined
  readonly all?: string | undefined
  readonly shortMessage?: string | undefined
}

async function noExitCode(argv: Argv, cwd: string | undefined, ended: Ended): Promise<AxleError> {
  if (ended.code === 'ENOENT') {
    // The same error for a missing folder as for a missing program.
    if (
      cwd !== undefined &&
      !(await stat(cwd).then(
        (found) => found.isDirectory(),
        () => false,
      ))
    ) {
      return new AxleError('AXLE_COMMAND', `${shown(argv)} could not start: there is no folder ${cwd}`)
    }
    return new AxleError('AXLE_TOOL_MISSING', `The program ${argv[0]} is not on this host`, {
      hint: `Install ${argv[0]}, then try again.`,
    })
  }
  const why =
    ended.signal === undefined ? (ended.shortMessage ?? 'it could not start') : `it was ended by ${ended.signal}`
  return new AxleError('AXLE_COMMAND', `${shown(argv)} failed: ${why}`, { output: lastLines(ended.all) })
}

interface Ending {
  cause(): 'late' | 'aborted' | undefined
  done(): void
}

function endBy(pid: number | undefined, within: number, signal: AbortSignal | undefined): Ending {
  let cause: 'late' | 'aborted' | undefined
  let force: NodeJS.Timeout | undefined
  const end = (why: 'late' | 'aborted'): void => {
    if (cause !== undefined) return
    cause = why
    killGroup(pid, 'SIGTERM')
    force = setTimeout(() => killGroup(pid, 'SIGKILL'), UNTIL_KILLED)
  }
  const aborted = (): void => end('aborted')
  const deadline = setTimeout(() => end('late'), within)
  signal?.addEventListener('abort', aborted, { once: true })
  return {
    cause: () => cause,
    done: () => {
      clearTimeout(deadline)
      clearTimeout(force)
      signal?.removeEventListener('abort', aborted)
    },
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended by itself meanwhile.
  }
}
