import { AxleError } from '../../protocol/errors.ts'
import type { ResultEvent } from '../../protocol/events.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { RequestInput, Verb, WaitingFor } from '../../protocol/wire.ts'
import type { Connect } from '../connect.ts'
import type { CliContext } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import { asideOf } from '../io/prompt.ts'
import type { CheckedOptions } from '../options/check.ts'
import { createReporter, type Reporter } from '../render/reporter.ts'
import { converse } from './converse.ts'
import { askForSecrets, lacksSecrets } from './missing-secrets.ts'
import { reach } from './reach.ts'

export interface Operating {
  readonly verb: Verb
  /** In words: `deploy`. */
  readonly what: string
  request(connect: Connect): RequestInput
}

/** Starts an operation on the host, or finds one, and shows it until its result. It does not depend on being shown. */
export async function operate(
  { verb, what, request }: Operating,
  options: CheckedOptions,
  context: CliContext,
): Promise<number> {
  const reporter = createReporter(context.io, { json: options.json })
  const queue = waitingSteps(reporter)
  const prompt = asideOf(context.prompt, reporter)
  // Once: what was just set and is missing still would be missing for ever. A stream of JSON has one operation.
  let mayAsk = prompt !== undefined && what === 'deploy' && !options.json
  let accepted = false
  let result: number | undefined
  try {
    const asking = prompt === undefined ? context : { ...context, prompt }
    const connect = await reach(verb, options, asking, (note) => reporter.note(note))
    for (;;) {
      let lacking = false
      const exit = await converse(connect, request(connect), context.interrupted, (message) => {
        if (message.t === 'waiting') queue.waits(message.for)
        if (message.t === 'answer') reporter.note({ kind: 'step', step: 'set the value', state: 'done' })
        if (message.t === 'accepted') {
          accepted = true
          queue.over()
          if (options.detach) {
            reporter.event(detached(message.op))
            return EXIT.done
          }
        }
        if (message.t !== 'event') return
        lacking = mayAsk && lacksSecrets(message.event)
        if (lacking) return
        if (message.event.type === 'result') result = message.event.exit
        reporter.event(message.event)
      })
      if (!lacking || prompt === undefined) return result ?? exit
      mayAsk = false
      accepted = false
      await askForSecrets(connect, options.service ?? connect.services, prompt, context.interrupted)
    }
  } catch (thrown) {
    // The result has been shown: how the connection ended after it is of no interest.
    if (result !== undefined) return result
    const error =
      thrown instanceof Interrupted
        ? interrupted(what, accepted, queue.waiting())
        : lost(AxleError.wrap(thrown), what, accepted)
    reporter.failed(error, error.exit === EXIT.interrupted ? 'lost-viewer' : 'failed')
    return error.exit
  } finally {
    reporter.close()
  }
}

/** The viewer leaves as it was told to. How the operation ends is not known here, and exit 0 does not say that it is. */
function detached(op: string): ResultEvent {
  const time = new Date().toISOString()
  return { v: 1, op, seq: 0, time, type: 'result', outcome: 'lost-viewer', exit: EXIT.done, services: [] }
}

/** A link that died took nothing with it: what the host has accepted, it ends. */
function lost(error: AxleError, what: string, accepted: boolean): AxleError {
  if (error.code !== 'AXLE_CONNECTION_LOST' || !accepted) return error
  return new AxleError(error.code, `${error.message} The ${what} is still going on the host.`, {
    hint: 'Watch it again: axle deploy --attach. Or see how it ended: axle status',
    ...(error.output === undefined ? {} : { output: error.output }),
    cause: error,
  })
}

function interrupted(what: string, accepted: boolean, waiting: boolean): AxleError {
  if (waiting)
    return new AxleError('AXLE_CONNECTION_LOST', `Interrupted while it waited: no ${what} was started.`, {
      hint: 'See what it waited for: axle status',
    })
  return accepted
    ? new AxleError('AXLE_CONNECTION_LOST', `Interrupted: the ${what} goes on on the host.`, {
        hint: 'Follow it again: axle deploy --attach. See how it ends: axle status',
      })
    : new AxleError('AXLE_CONNECTION_LOST', `Interrupted before the host had accepted the ${what}.`, {
        hint: 'Make sure that nothing was started: axle status',
      })
}

/** One step on the screen for each that is waited for. */
function waitingSteps(reporter: Reporter) {
  let current: { readonly step: string; readonly since: number } | undefined
  const over = () => {
    if (current === undefined) return
    const { step, since } = current
    current = undefined
    reporter.note({ kind: 'step', step, state: 'done', ms: performance.now() - since })
  }
  return {
    over,
    waiting: () => current !== undefined,
    waits: ({ what, actor, operation }: WaitingFor) => {
      over()
      const id = operation === undefined ? '' : ` (${operation})`
      current = { step: `wait for the ${what} of ${actor.user}@${actor.host}${id}`, since: performance.now() }
      reporter.note({ kind: 'step', step: current.step, state: 'started' })
    },
  }
}
