import { AxleError } from '../../protocol/errors.ts'
import type { ResultEvent } from '../../protocol/events.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { RequestInput, Verb } from '../../protocol/wire.ts'
import type { Connect } from '../connect.ts'
import type { CliContext } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import type { CheckedOptions } from '../options/check.ts'
import { createReporter } from '../render/reporter.ts'
import { waitingSteps } from '../render/waiting.ts'
import { converse } from './converse.ts'
import { askForSecrets, lacksSecrets } from './missing-secrets.ts'
import { reach } from './reach.ts'
import { servingNow } from './serving-now.ts'
import { interrupted, lost } from './without-result.ts'

export interface Operating {
  readonly verb: Verb
  /** In words: `deploy`. */
  readonly what: string
  /** What was typed, without its options. */
  readonly line: string
  request(connect: Connect): RequestInput
}

/** Starts an operation on the host, or finds one, and shows it until its result. It does not depend on being shown. */
export async function operate(
  { verb, what, line, request }: Operating,
  options: CheckedOptions,
  context: CliContext,
): Promise<number> {
  const { prompt } = context
  const reporter = createReporter(context.io, options)
  context.drawnBy(reporter)
  const queue = waitingSteps(reporter)
  // Once: what was just set and is missing still would be missing for ever. A stream of JSON has one operation.
  let mayAsk = prompt !== undefined && what === 'deploy' && !options.json
  let connect: Connect | undefined
  let accepted = false
  let valueSet = false
  let result: number | undefined
  try {
    connect = await reach(verb, options, context, (note) => reporter.note(note))
    for (;;) {
      let lacking = false
      const exit = await converse(connect, request(connect), context.interrupted, (message) => {
        if (message.t === 'waiting') queue.waits(message.for)
        if (message.t === 'answer') {
          valueSet = true
          reporter.note({ kind: 'step', step: 'set the value', state: 'done' })
        }
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
    const far = { asked: connect !== undefined && !queue.waiting(), accepted, waiting: queue.waiting() }
    const error =
      thrown instanceof Interrupted ? interrupted({ what, line }, far) : lost(AxleError.wrap(thrown), what, accepted)
    const viewerLost = error.exit === EXIT.interrupted
    // Whoever has lost the host cannot ask it.
    const services = accepted && !viewerLost && connect !== undefined ? await servingNow(connect, options, context) : []
    reporter.failed(error, viewerLost ? 'lost-viewer' : 'failed', { what, ...far, valueSet, services })
    return error.exit
  } finally {
    connect?.close()
    reporter.close()
  }
}

/** The viewer leaves as it was told to. How the operation ends is not known here, and exit 0 does not say that it is. */
function detached(op: string): ResultEvent {
  const time = new Date().toISOString()
  return { v: 1, op, seq: 0, time, type: 'result', outcome: 'lost-viewer', exit: EXIT.done, services: [] }
}
