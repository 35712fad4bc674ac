import { execInside, type HostRecord, placesOf } from '@axle-ia/testbed'
import type { Argv, RunOptions, RunResult } from '../src/engine/host/host.ts'
import { LocalHost } from '../src/engine/host/local-host.ts'
import { testFacts } from '../src/engine/host/test-host.ts'
import { AxleError } from '../src/protocol/errors.ts'

/** A testbed host, for tests: programs run inside it, files are those of its disk as this machine sees it. */
export class InsideHost extends LocalHost {
  readonly commands: string[] = []
  readonly #record: HostRecord

  constructor(record: HostRecord) {
    super({ root: placesOf(record.name).root, facts: testFacts })
    this.#record = record
  }

  override async run(argv: Argv, { accept = [0], input }: RunOptions = {}): Promise<RunResult> {
    this.commands.push(argv.join(' '))
    const result = await execInside(this.#record, argv, input === undefined ? {} : { input })
    if (accept === 'any' || accept.includes(result.exitCode)) return result
    throw new AxleError('AXLE_COMMAND', `${argv.join(' ')}: ${result.exitCode}`, {
      output: result.stdout + result.stderr,
    })
  }
}
