import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { RequestInput } from '../../protocol/wire.ts'
import type { CliContext } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import type { CheckedOptions } from '../options/check.ts'
import { createReporter } from '../render/reporter.ts'
import { converse } from './converse.ts'
import { reach } from './reach.ts'

type Operation = Extract<RequestInput, { verb: 'deploy' | 'rollback' }>

/** Starts an operation on the host and shows it until its result. The operation does not depend on being shown. */
export async function operate(request: Operation, options: CheckedOptions, context: CliContext): Promise<number> {
  const reporter = createReporter(context.io, { json: options.json })
  let accepted = false
  let result: number | undefined
  try {
    const connect = await reach(request.verb, options, context, (note) => reporter.note(note))
    const exit = await converse(connect, request, context.interrupted, (message) => {
      if (message.t === 'accepted') accepted = true
      if (message.t !== 'event') return
      if (message.event.type === 'result') result = message.event.exit
      reporter.event(message.event)
    })
    return result ?? exit
  } catch (thrown) {
    // The result has been shown: how the connection ended after it is of no interest.
    if (result !== undefined) return result
    const error = thrown instanceof Interrupted ? interrupted(request.verb, accepted) : AxleError.wrap(thrown)
    reporter.failed(error, error.exit === EXIT.interrupted ? 'lost-viewer' : 'failed')
    return error.exit
  } finally {
    reporter.close()
  }
}

function interrupted(verb: string, accepted: boolean): AxleError {
  return accepted
    ? new AxleError('AXLE_CONNECTION_LOST', `Interrupted: the ${verb} goes on on the host.`, {
        hint: 'See how it ends: axle status',
      })
    : new AxleError('AXLE_CONNECTION_LOST', `Interrupted before the host had accepted the ${verb}.`, {
        hint: 'Make sure that nothing was started: axle status',
      })
}
