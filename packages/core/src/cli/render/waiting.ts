import type { WaitingFor } from '../../protocol/wire.ts'
import type { Reporter } from './reporter.ts'

/** One step on the screen for each that is waited for. */
export function waitingSteps(reporter: Pick<Reporter, 'note'>) {
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
