import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { RequestInput } from '../../protocol/wire.ts'
import type { Connect } from '../connect.ts'
import type { CliContext } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import type { CheckedOptions } from '../options/check.ts'
import { heldPrompt } from '../render/hold.ts'
import { createReporter } from '../render/reporter.ts'
import { converse } from './converse.ts'
import { reach } from './reach.ts'
import { servingNow } from './serving-now.ts'

type Operation = Extract<RequestInput, { verb: 'deploy' | 'rollback' }>

/** Starts an operation on the host and shows it until its result. The operation does not depend on being shown. */
export async function operate(request: Operation, options: CheckedOptions, context: CliContext): Promise<number> {
  const reporter = createReporter(context.io, options)
  let connect: Connect | undefined
  let accepted = false
  let result: number | undefined
  try {
    const prompt = heldPrompt(context.prompt, reporter)
    connect = await reach(request.verb, options, { ...context, prompt }, (note) => reporter.note(note))
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
    const error =
      thrown instanceof Interrupted
        ? interrupted(request.verb, { asked: connect !== undefined, accepted })
        : AxleError.wrap(thrown)
    const lost = error.exit === EXIT.interrupted
    // Whoever has lost the host cannot ask it.
    const services = accepted && !lost && connect !== undefined ? await servingNow(connect, request, context) : []
    reporter.failed(error, lost ? 'lost-viewer' : 'failed', { asked: connect !== undefined, accepted, services })
    return error.exit
  } finally {
    reporter.close()
  }
}

function interrupted(verb: string, { asked, accepted }: { asked: boolean; accepted: boolean }): AxleError {
  if (!asked) {
    return new AxleError('AXLE_INTERRUPTED', `Interrupted before the host was asked for a ${verb}.`, {
      hint: `Nothing was started. Again: axle ${verb}`,
    })
  }
  return accepted
    ? new AxleError('AXLE_INTERRUPTED', `Interrupted: the ${verb} goes on on the host.`, {
        hint: 'See how it ends: axle status',
      })
    : new AxleError('AXLE_INTERRUPTED', `Interrupted before the host had accepted the ${verb}.`, {
        hint: 'Make sure that nothing was started: axle status',
      })
}
