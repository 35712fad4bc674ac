import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { Action } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import { checkOptions } from '../options/check.ts'
import { logText } from '../render/log-line.ts'
import { printFailure } from '../render/print-failure.ts'
import { styleOf } from '../render/style.ts'
import { converse } from './converse.ts'
import { only, reach } from './reach.ts'

export const logsAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const { io } = context
  const { json, follow, lines, since } = options
  const style = styleOf(io, io.stdout)
  try {
    const connect = await reach('logs', options, context, () => {})
    const request = {
      verb: 'logs',
      follow,
      lines,
      ...only(options),
      ...(since === undefined ? {} : { since }),
    } as const
    return await converse(connect, request, context.interrupted, (message) => {
      if (message.t === 'line')
        io.stdout.write(`${json ? JSON.stringify(message.line) : logText(message.line, style)}\n`)
    })
  } catch (thrown) {
    // Ctrl-C is how following ends: no word about it.
    if (thrown instanceof Interrupted) return EXIT.interrupted
    return printFailure(AxleError.wrap(thrown), { io, json })
  }
}
