import type { AxleError } from '../../protocol/errors.ts'
import type { Io } from '../io/io.ts'
import { causeLines, failureLines } from './failure.ts'
import { styleOf } from './style.ts'

export interface FailureOptions {
  readonly io: Io
  readonly json: boolean
  readonly verbose?: boolean
}

/** The end of a command that no operation and no answer came out of. Answers with the exit code. */
export function printFailure(error: AxleError, { io, json, verbose = false }: FailureOptions): number {
  if (json) io.stdout.write(`${JSON.stringify({ error: error.serialize() })}\n`)
  const style = styleOf(io, io.stderr)
  const lines = [...(json ? [] : failureLines(error.serialize(), style)), ...(verbose ? causeLines(error, style) : [])]
  if (lines.length > 0) io.stderr.write(`${lines.join('\n')}\n`)
  // A bug is ours to mend: the stack is what tells where.
  if (error.code === 'AXLE_INTERNAL' && (verbose || io.env.AXLE_DEBUG !== undefined)) {
    const { cause } = error
    io.stderr.write(`${cause instanceof Error ? cause.stack : error.stack}\n`)
  }
  return error.exit
}
