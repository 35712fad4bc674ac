import { execa } from 'execa'
import { AxleError } from '../protocol/errors.ts'
import type { Words } from './config/words.ts'

export interface BuildLine {
  readonly service: string
  readonly line: string
}

const LAST = 30

/** Runs a service's build in its root; what the project has installed is on the PATH. */
export async function runBuild(
  service: string,
  root: string,
  [program, ...args]: Words,
  onLine?: (line: BuildLine) => void,
): Promise<void> {
  const running = execa(program, args, {
    cwd: root,
    preferLocal: true,
    localDir: root,
    all: true,
    buffer: false,
    reject: false,
    stdin: 'ignore',
  })
  const last: string[] = []
  for await (const line of running.iterable({ from: 'all' })) {
    last.push(line)
    if (last.length > LAST) last.shift()
    onLine?.({ service, line })
  }
  const result = await running
  if (!result.failed) return
  const how =
    result.code === 'ENOENT'
      ? `there is no program ${program}`
      : result.exitCode === undefined
        ? (result.shortMessage ?? 'it did not start')
        : `exit code ${result.exitCode}`
  throw new AxleError('AXLE_BUILD', `${service}: ${[program, ...args].join(' ')} failed: ${how}.`, {
    where: root,
    output: last.join('\n'),
  })
}
