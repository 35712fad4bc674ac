import { project as projectAt, type SlotName } from '../../protocol/layout.ts'
import type { Engine } from '../engine.ts'

/** Name of the transient unit that drains and stops a service's old slot. */
export function retireUnit(service: string): string {
  return `axle-retire-${service}.service`
}

export async function startRetire(engine: Engine, service: string, slot: SlotName): Promise<void> {
  const run = projectAt.run(engine.bound.config.project)
  await engine.background.start(retireUnit(service), `Axle: drain and stop slot ${slot} of ${service}`, [
    run,
    'retire',
    service,
    slot,
  ])
}
