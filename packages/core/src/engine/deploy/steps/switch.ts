import { flip, slotOf } from '../../release/live.ts'
import { applyPhase, removeResources, runHandlers } from '../../resources/apply.ts'
import type { Step } from '../step.ts'

/** The commit point. What makes a first release reachable comes just before it; the flag decides. */
export const switchOver: Step = {
  name: 'switch',
  run: async ({ context, target, created }) => {
    const { engine, signal } = context
    const { service, slot, release, previous } = target
    const applied = await applyPhase(engine, target.survey, 'switch', slot, signal)
    created.push(...applied.created)
    if (target.action === 'deploy') {
      await flip(engine.host, service.name, slot)
      await engine.container.gateway.switchTo(slotOf(service, slot))
    }
    await runHandlers(engine, applied.handlers, signal)
    if (target.action !== 'deploy') return undefined
    context.emit({
      type: 'live',
      service: service.name,
      release,
      slot,
      ...(previous === undefined ? {} : { previous }),
    })
    return `slot ${slot} serves ${release}`
  },
  undo: async ({ context, target, created }) => {
    const { engine } = context
    const { service, liveSlot } = target
    if (target.action === 'deploy') {
      await flip(engine.host, service.name, liveSlot)
      await engine.container.gateway.switchTo(slotOf(service, liveSlot))
    }
    const reachable = created.filter((resource) => resource.phase === 'switch')
    if (reachable.length === 0) return
    const signal = AbortSignal.timeout(60_000)
    const kept = created.filter((resource) => resource.phase !== 'switch')
    created.splice(0, created.length, ...kept)
    await runHandlers(engine, await removeResources(engine, reachable, signal), signal)
  },
}
