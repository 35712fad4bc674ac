import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { Answer, RequestInput } from '../../protocol/wire.ts'
import type { Connect } from '../connect.ts'
import type { CliContext } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import type { CheckedOptions } from '../options/check.ts'
import { printFailure } from '../render/print-failure.ts'
import { createReporter } from '../render/reporter.ts'
import { type Style, styleOf } from '../render/style.ts'
import { converse } from './converse.ts'
import { reach } from './reach.ts'

type AnswerOf<V extends Answer['verb']> = Extract<Answer, { verb: V }>

/** One question with one answer. */
export async function askHost<V extends Answer['verb']>(
  connect: Connect,
  request: RequestInput,
  verb: V,
  signal: AbortSignal,
): Promise<{ said: AnswerOf<V>; exit: number }> {
  const answers: Answer[] = []
  const exit = await converse(connect, request, signal, (message) => {
    if (message.t === 'answer') answers.push(message.answer)
  })
  const found = answers.find((one): one is AnswerOf<V> => one.verb === verb)
  if (found === undefined) throw new AxleError('AXLE_WIRE', `The host did not answer the question (${verb}).`)
  return { said: found, exit }
}

/** What a query prints: an object for --json, lines for people. */
export interface Printed {
  readonly json: unknown
  lines(style: Style): readonly string[]
  readonly exit: number
}

/** Reaches the host, asks, prints, and turns whatever is thrown into words and an exit code. */
export async function query(
  verb: RequestInput['verb'],
  options: CheckedOptions,
  context: CliContext,
  ask: (connect: Connect) => Promise<Printed>,
): Promise<number> {
  const { io } = context
  const { json, quiet, verbose } = options
  // stdout is the answer's alone.
  const reporter = createReporter(
    { ...io, stdout: io.stderr },
    json ? { json: false, quiet: !verbose, verbose } : { json: false, quiet, verbose, transient: true },
  )
  let connect: Connect | undefined
  try {
    context.drawnBy(reporter)
    connect = await reach(verb, options, context, (note) => reporter.note(note))
    const printed = await ask(connect)
    reporter.close()
    io.stdout.write(
      json ? `${JSON.stringify(printed.json)}\n` : `${printed.lines(styleOf(io, io.stdout)).join('\n')}\n`,
    )
    return printed.exit
  } catch (thrown) {
    reporter.close()
    if (thrown instanceof Interrupted) return EXIT.interrupted
    return printFailure(AxleError.wrap(thrown), { io, json, verbose })
  } finally {
    connect?.close()
  }
}
