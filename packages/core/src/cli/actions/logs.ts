import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { Connect } from '../connect.ts'
import type { Action } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import { checkOptions } from '../options/check.ts'
import { logText } from '../render/log-line.ts'
import { printFailure } from '../render/print-failure.ts'
import { createReporter } from '../render/reporter.ts'
import { styleOf } from '../render/style.ts'
import { converse } from './converse.ts'
import { only, reach } from './reach.ts'

export const logsAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const { io } = context
  const { json, follow, lines, since, verbose } = options
  const style = styleOf(io, io.stdout)
  // The way there is of interest to --verbose alone; stdout is the lines'.
  const reporter = createReporter({ ...io, stdout: io.stderr }, { json: false, quiet: !verbose, verbose })
  context.drawnBy(reporter)
  let connect: Connect | undefined
  try {
    connect = await reach('logs', options, context, (note) => reporter.note(note))
    const request = {
      verb: 'logs',
      follow,
      lines,
      ...only(options),
      ...(since === undefined ? {} : { since }),
    } as const
    return await converse(connect, request, AbortSignal.any([context.interrupted, io.unread]), (message) => {
      if (message.t === 'line')
        io.stdout.write(`${json ? JSON.stringify(message.line) : logText(message.line, style)}\n`)
    })
  } catch (thrown) {
    // Ctrl-C is how following ends: no word about it.
    // `axle logs -f | head`: neither is that the reader has enough.
    if (thrown instanceof Interrupted) return context.interrupted.aborted ? EXIT.interrupted : EXIT.done
    reporter.close()
    return printFailure(AxleError.wrap(thrown), { io, json, verbose })
  } finally {
    connect?.close()
  }
}
