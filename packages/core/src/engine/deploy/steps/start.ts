import { setTimeout as sleep } from 'node:timers/promises'
import { notStarted } from '../../checks/health.ts'
import { slotOf } from '../../release/live.ts'
import { retireUnit } from '../../retire/retire-unit.ts'
import type { Step, Work } from '../step.ts'
import { isUp } from '../target.ts'

/** The slot may still serve what was live before: its own retire unit ends it, unless `--now` is said. */
async function freeSlot({ context, target }: Work): Promise<void> {
  const { engine, now, signal } = context
  const unit = retireUnit(target.service.name)
  if (target.warm || now) {
    await engine.background.stop(unit)
    return
  }
  while (await engine.background.active(unit)) {
    signal.throwIfAborted()
    await sleep(100, undefined, { signal })
  }
}

/** Waits until the candidate's slot is free. */
export const free: Step = {
  name: 'free',
  run: async (work) => {
    const { context, target } = work
    const slot = slotOf(target.service, target.slot)
    if (target.warm || target.action === 'repair') {
      await freeSlot(work)
      return undefined
    }
    const { supervisor } = context.engine.container
    await freeSlot(work)
    // Nothing but this operation and the retire unit touches it: what did not run before does not run now.
    const { state } =
      target.states[target.slot].state === 'inactive' ? target.states[target.slot] : await supervisor.state(slot)
    if (state === 'inactive' && !context.now) return undefined
    await supervisor.stop(slot)
    return undefined
  },
  undo: async () => {},
}

/** For a service whose releases must not overlap: the gap that the plan states begins here. */
export const stopOld: Step = {
  name: 'stop',
  run: async ({ context, target }) => {
    if (!target.gap) return undefined
    await context.engine.container.supervisor.stop(slotOf(target.service, target.liveSlot))
    return `release ${target.previous}`
  },
  undo: async ({ context, target }) => {
    if (!target.gap || (target.stopped && !isUp(target.states[target.liveSlot]))) return
    await context.engine.container.supervisor.start(slotOf(target.service, target.liveSlot))
  },
}

export const start: Step = {
  name: 'start',
  run: async ({ context, target }) => {
    const slot = slotOf(target.service, target.slot)
    // Also a warm slot: its retire unit may have stopped it after it was looked at. Starting what runs changes nothing.
    try {
      await context.engine.container.supervisor.start(slot)
    } catch (thrown) {
      throw await notStarted(context.engine, slot, thrown)
    }
    if (target.warm) return undefined
    return `slot ${slot.name}${slot.port === undefined ? '' : `, port ${slot.port}`}`
  },
  undo: async ({ context, target }) => {
    if (target.action !== 'deploy' && isUp(target.states[target.slot])) return
    await context.engine.container.supervisor.stop(slotOf(target.service, target.slot))
  },
}
