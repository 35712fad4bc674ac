import { flip, slotOf } from '../../release/live.ts'
import { applyPhase, runHandlers, undoChanges } from '../../resources/apply.ts'
import { readRelease } from '../../store/stage-release.ts'
import { type Step, UNDO_WITHIN, type Work } from '../step.ts'

async function applySwitch({ context, target, changes }: Work): Promise<void> {
  const { engine, signal } = context
  await runHandlers(engine, await applyPhase(engine, target.survey, 'switch', changes.switch, signal), signal)
}

/**
 * Whether the gateway must know the new routes before the flag flips: for a first release, and where the slot that it
 * flips to has moved to another port. The slot that serves keeps its port in both, so nothing is lost in between. In
 * all other cases the flag goes first: what the live release needs does not change before the switch.
 */
async function routesFirst({ context, target }: Work): Promise<boolean> {
  if (target.previous === undefined) return true
  if (target.slot === 'b') return false
  const { service } = await readRelease(context.engine.host, target.service.name, target.previous)
  return service.port !== target.service.port
}

async function flipTo({ context, target }: Work, slot: 'a' | 'b'): Promise<void> {
  await flip(context.engine.host, target.service.name, slot)
  await context.engine.container.gateway.switchTo(slotOf(target.service, slot))
}

/** The commit point: the flag decides. */
export const switchOver: Step = {
  name: 'switch',
  run: async (work) => {
    const { context, target } = work
    const { service, slot, release, previous } = target
    if (target.action !== 'deploy') {
      await applySwitch(work)
      return undefined
    }
    const first = await routesFirst(work)
    if (first) await applySwitch(work)
    await flipTo(work, slot)
    context.emit({
      type: 'live',
      service: service.name,
      release,
      slot,
      ...(previous === undefined ? {} : { previous }),
    })
    if (!first) await applySwitch(work)
    return `slot ${slot} serves ${release}`
  },
  undo: async (work) => {
    const { context, target, changes } = work
    if (target.action === 'deploy') await flipTo(work, target.liveSlot)
    await undoChanges(context.engine, changes.switch, AbortSignal.timeout(UNDO_WITHIN))
  },
}
