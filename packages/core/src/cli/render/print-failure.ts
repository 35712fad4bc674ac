import type { AxleError } from '../../protocol/errors.ts'
import type { Io } from '../io/io.ts'
import { failureLines } from './failure.ts'
import { styleOf } from './style.ts'

/** The end of a command that no operation and no answer came out of. Answers with the exit code. */
export function printFailure(error: AxleError, { io, json }: { readonly io: Io; readonly json: boolean }): number {
  if (json) io.stdout.write(`${JSON.stringify({ error: error.serialize() })}\n`)
  else io.stderr.write(`${failureLines(error.serialize(), styleOf(io, io.stderr)).join('\n')}\n`)
  // A bug is ours to mend: the stack is what tells where.
  if (error.code === 'AXLE_INTERNAL' && io.env.AXLE_DEBUG !== undefined) {
    const { cause } = error
    io.stderr.write(`${cause instanceof Error ? cause.stack : error.stack}\n`)
  }
  return error.exit
}
