import { otherSlot, slotOf } from '../../release/live.ts'
import { clearStopped, markStopped } from '../../release/stopped.ts'
import { retireUnit } from '../../retire/retire-unit.ts'
import type { Step } from '../step.ts'
import { isUp } from '../target.ts'

/** Stops a service for good: nothing starts it, a boot neither, until somebody says so. */
export const halt: Step = {
  name: 'stop',
  run: async ({ context, target }) => {
    const { engine, actor } = context
    const { service, liveSlot } = target
    // First of all: from here on it is known that it is away because somebody wanted it.
    if (!target.stopped) await markStopped(engine.host, service.name, { since: new Date().toISOString(), actor })
    await engine.container.supervisor.disown(service)
    await engine.background.stop(retireUnit(service.name))
    await engine.container.supervisor.stop(slotOf(service, otherSlot(liveSlot)))
    await engine.container.supervisor.stop(slotOf(service, liveSlot))
    return `away until axle start, restart, deploy or rollback`
  },
  undo: async ({ context, target }) => {
    const { engine } = context
    const slot = slotOf(target.service, target.liveSlot)
    // Started by hand: it runs again, and is still marked as stopped.
    if (target.stopped) {
      if (isUp(target.states[target.liveSlot])) await engine.container.supervisor.start(slot)
      return
    }
    await engine.container.supervisor.adopt(slot)
    await engine.container.supervisor.start(slot)
    await clearStopped(engine.host, target.service.name)
  },
}
