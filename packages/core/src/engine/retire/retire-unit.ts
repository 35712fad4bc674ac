import { setTimeout as sleep } from 'node:timers/promises'
import { project as projectAt, type SlotName } from '../../protocol/layout.ts'
import type { Engine } from '../engine.ts'

/** Name of the transient unit that drains and stops a service's old slot. */
export function retireUnit(service: string): string {
  return `axle-retire-${service}.service`
}

/** systemd may refuse a unit's name for a moment after the last unit of that name has ended (milliseconds between tries). */
const AGAIN = 500
const TRIES = 10

export async function startRetire(engine: Engine, service: string, slot: SlotName): Promise<void> {
  const argv = [projectAt.run(engine.bound.config.project), 'retire', service, slot] as const
  for (let tries = 1; ; tries++) {
    try {
      return await engine.background.start(retireUnit(service), `Axle: drain and stop slot ${slot} of ${service}`, argv)
    } catch (thrown) {
      if (tries === TRIES) throw thrown
      await sleep(AGAIN)
    }
  }
}
