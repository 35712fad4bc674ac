import { service as at } from '../../../protocol/layout.ts'
import { resourceKey } from '../../../protocol/resource.ts'
import { linkLive, slotOf } from '../../release/live.ts'
import { applyPhase, removeResources, runHandlers, undoChanges } from '../../resources/apply.ts'
import { type Step, UNDO_WITHIN } from '../step.ts'

/** Removals, replacements, and what is derived from the flag: the service's own unit name, `current`, `.env`. */
export const replace: Step = {
  name: 'replace',
  run: async ({ context, target, changes }) => {
    const { engine, signal } = context
    const { service, slot, release, orphans } = target
    const handlers = await applyPhase(engine, target.survey, 'after', changes.after, signal)
    await engine.container.supervisor.adopt(slotOf(service, slot))
    await linkLive(engine.host, service.name, slot, release)
    // Last: what is removed is not put back by an undo, so nothing may fail after it.
    const removed = orphans.length === 0 ? [] : await removeResources(engine, orphans, signal)
    await runHandlers(engine, [...handlers, ...removed], signal)
    const changed = [...changes.after.created, ...changes.after.replaced].map(resourceKey)
    const words = [...changed, ...orphans.map((one) => `removed ${resourceKey(one)}`)]
    return [`${service.name}.service is slot ${slot}`, ...words].join(', ')
  },
  undo: async ({ context, target, changes }) => {
    const { engine } = context
    const { service, liveSlot, previous } = target
    await undoChanges(engine, changes.after, AbortSignal.timeout(UNDO_WITHIN))
    if (previous !== undefined) {
      if (target.stopped) await engine.container.supervisor.disown(service)
      else await engine.container.supervisor.adopt(slotOf(service, liveSlot))
      await linkLive(engine.host, service.name, liveSlot, previous)
      return
    }
    await engine.container.supervisor.disown(service)
    await engine.host.remove(at.current(service.name))
    await engine.host.remove(at.env(service.name))
  },
}
