import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { RequestInput } from '../../protocol/wire.ts'
import type { CliContext } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import { asideOf } from '../io/prompt.ts'
import type { CheckedOptions } from '../options/check.ts'
import { createReporter } from '../render/reporter.ts'
import { converse } from './converse.ts'
import { askForSecrets, lacksSecrets } from './missing-secrets.ts'
import { reach } from './reach.ts'

type Operation = Extract<RequestInput, { verb: 'deploy' | 'rollback' }>

/** Starts an operation on the host and shows it until its result. The operation does not depend on being shown. */
export async function operate(request: Operation, options: CheckedOptions, context: CliContext): Promise<number> {
  const reporter = createReporter(context.io, { json: options.json })
  const prompt = asideOf(context.prompt, reporter)
  // Once: what was just set and is missing still would be missing for ever. A stream of JSON has one operation.
  let mayAsk = prompt !== undefined && request.verb === 'deploy' && !options.json
  let accepted = false
  let result: number | undefined
  try {
    const asking = prompt === undefined ? context : { ...context, prompt }
    const connect = await reach(request.verb, options, asking, (note) => reporter.note(note))
    for (;;) {
      let lacking = false
      const exit = await converse(connect, request, context.interrupted, (message) => {
        if (message.t === 'accepted') accepted = true
        if (message.t !== 'event') return
        lacking = mayAsk && lacksSecrets(message.event)
        if (lacking) return
        if (message.event.type === 'result') result = message.event.exit
        reporter.event(message.event)
      })
      if (!lacking || prompt === undefined) return result ?? exit
      mayAsk = false
      accepted = false
      await askForSecrets(connect, request.services ?? connect.services, prompt, context.interrupted)
    }
  } catch (thrown) {
    // The result has been shown: how the connection ended after it is of no interest.
    if (result !== undefined) return result
    const error =
      thrown instanceof Interrupted
        ? interrupted(request.verb, accepted)
        : lost(AxleError.wrap(thrown), request.verb, accepted)
    reporter.failed(error, error.exit === EXIT.interrupted ? 'lost-viewer' : 'failed')
    return error.exit
  } finally {
    reporter.close()
  }
}

/** A link that died took nothing with it: what the host has accepted, it ends. */
function lost(error: AxleError, verb: string, accepted: boolean): AxleError {
  if (error.code !== 'AXLE_CONNECTION_LOST' || !accepted) return error
  return new AxleError(error.code, `${error.message} The ${verb} is still going on the host.`, {
    hint: 'Watch it again: axle deploy --attach. Or see how it ended: axle status',
    ...(error.output === undefined ? {} : { output: error.output }),
    cause: error,
  })
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
