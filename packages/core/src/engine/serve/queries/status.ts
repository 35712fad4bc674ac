import { project as at, type SlotName } from '../../../protocol/layout.ts'
import type { PlacedService } from '../../../protocol/service.ts'
import type { StatusAnswer } from '../../../protocol/wire.ts'
import type { Engine } from '../../engine.ts'
import { lockHolder } from '../../lock/lock.ts'
import { liveOf, occupant, otherSlot, slotOf } from '../../release/live.ts'
import { readStopped, stoppedReason } from '../../release/stopped.ts'
import { retireUnit } from '../../retire/retire-unit.ts'
import { askedServices } from './services.ts'

type SlotState = NonNullable<StatusAnswer['services'][number]['live']>

async function slotState(engine: Engine, service: PlacedService, name: SlotName): Promise<SlotState> {
  const slot = slotOf(service, name)
  const { state, pid, since, restarts } = await engine.container.supervisor.state(slot)
  const release = await occupant(engine.host, service.name, name)
  return {
    slot: name,
    state,
    restarts,
    ...(slot.port === undefined ? {} : { port: slot.port }),
    ...(release === undefined ? {} : { release }),
    ...(pid === undefined ? {} : { pid }),
    ...(since === undefined ? {} : { since }),
  }
}

async function serviceStatus(engine: Engine, service: PlacedService): Promise<StatusAnswer['services'][number]> {
  const live = await liveOf(engine, service.name)
  const common = { service: service.name, ...(service.route === undefined ? {} : { route: service.route }) }
  if (live.release === undefined) return { ...common, healthy: false, reason: 'never deployed', releases: [] }
  const serving = await slotState(engine, service, live.slot)
  const other = await slotState(engine, service, otherSlot(live.slot))
  const draining = (await engine.background.active(retireUnit(service.name)))
    ? await engine.container.gateway.connections(slotOf(service, otherSlot(live.slot)))
    : undefined
  const mark = await readStopped(engine.host, service.name)
  const healthy = serving.state === 'active'
  // Started by hand since then: what runs is not called stopped.
  const stopped = healthy ? undefined : mark
  return {
    ...common,
    release: live.release,
    live: serving,
    healthy,
    releases: engine.state.releases(service.name).map((row) => row.id),
    ...(other.state === 'inactive' ? {} : { other }),
    ...(draining === undefined ? {} : { draining }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(healthy
      ? {}
      : { reason: stopped === undefined ? `slot ${live.slot} is ${serving.state}` : stoppedReason(stopped) }),
  }
}

/** Operation that holds the lock, if any. */
export function runningOperation(engine: Engine): string | undefined {
  const holder = lockHolder(engine.host.path(at.lock(engine.bound.config.project)))
  return holder === undefined || holder === 'unknown' ? undefined : holder.operation
}

export async function status(engine: Engine, names: readonly string[] | undefined): Promise<StatusAnswer> {
  const services = await askedServices(engine, names)
  const [operation] = engine.state.operations(1, runningOperation(engine))
  const { project, gateway } = engine.bound.config
  return {
    project,
    host: engine.host.facts.hostname,
    axle: engine.axle,
    gateway: engine.container.gateway.address(gateway),
    services: await Promise.all(services.map((service) => serviceStatus(engine, service))),
    ...(operation === undefined ? {} : { operation }),
  }
}
