import { AxleError } from '../../protocol/errors.ts'
import type { Step, Work } from './step.ts'
import { STEPS } from './steps.ts'

function emitter(work: Work, step: string) {
  const began = performance.now()
  const common = { type: 'step', step, service: work.target.service.name } as const
  const ms = () => Math.round(performance.now() - began)
  return {
    started: () => work.context.emit({ ...common, state: 'started' }),
    ended: (state: 'done' | 'failed' | 'skipped' | 'undone', detail?: string) =>
      work.context.emit({ ...common, state, ms: ms(), ...(detail === undefined ? {} : { detail }) }),
  }
}

async function undo(work: Work, begun: readonly Step[]): Promise<void> {
  for (const step of begun.toReversed()) {
    const events = emitter(work, step.name)
    try {
      await step.undo(work)
      events.ended('undone')
    } catch (thrown) {
      // The rest is undone all the same: one thing left over is better than all of them.
      work.context.engine.log.error(`Undoing ${step.name} failed: ${AxleError.wrap(thrown).message}`)
    }
  }
}

/** Its words never throw (see unfailing). Runs the steps of one service; on a failure undoes those that began, last first, and throws what went wrong. */
export async function transact(work: Work): Promise<void> {
  const { action } = work.target
  if (action === 'unchanged') return
  const begun: Step[] = []
  for (const step of STEPS[action]) {
    const events = emitter(work, step.name)
    begun.push(step)
    try {
      events.started()
      work.context.signal.throwIfAborted()
      const detail = await step.run(work)
      events.ended(detail === undefined ? 'skipped' : 'done', detail)
    } catch (thrown) {
      const error = AxleError.wrap(thrown)
      events.ended('failed', error.message)
      await undo(work, begun)
      throw error
    }
  }
}
