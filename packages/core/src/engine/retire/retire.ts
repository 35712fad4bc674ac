import { setTimeout as sleep } from 'node:timers/promises'
import type { Slot } from '../../define/roles.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { SlotName } from '../../protocol/layout.ts'
import type { Engine } from '../engine.ts'
import { placeServices } from '../registry/services.ts'
import { flagSlot, occupant, slotOf } from '../release/live.ts'
import { readRelease } from '../store/stage-release.ts'
import { prune } from './prune.ts'

/** A slot counts as drained once it has had no connection for this long (milliseconds). */
const QUIET = 2_000
const LOOK = 250

/** Drains and stops the old slot of a service, then removes releases that are kept no longer. Runs in its own unit. */
export async function retire(engine: Engine, service: string, slot: SlotName): Promise<void> {
  const placed = (await placeServices(engine.host, engine.bound.config, false)).find((one) => one.name === service)
  if (placed === undefined) throw new AxleError('AXLE_UNKNOWN', `There is no service "${service}" in this project.`)
  const old = await asItRuns(engine, slotOf(placed, slot))
  const started = performance.now()
  let quietSince = started
  for (;;) {
    // The flag may have come back here (a rollback): then this slot serves, and nothing is to be stopped.
    if ((await flagSlot(engine.host, service)) === slot) return
    const now = performance.now()
    if (old.port === undefined || now - started >= placed.drain) break
    if ((await engine.container.gateway.connections(old)) > 0) quietSince = now
    else if (now - quietSince >= QUIET) break
    await sleep(LOOK)
  }
  await engine.container.supervisor.stop(old)
  await prune(engine, service, placed.keep)
}

/** With the port that its release was started on, which the config may have changed since. */
async function asItRuns(engine: Engine, slot: Slot): Promise<Slot> {
  const release = await occupant(engine.host, slot.service.name, slot.name)
  if (slot.name === 'b' || release === undefined) return slot
  const { service } = await readRelease(engine.host, slot.service.name, release)
  return { ...slot, port: service.port }
}
