import type { Host, Slot, SlotLogLine, Supervisor } from '@axle-ia/core'
import { adoptUnit, checkName, disownUnits } from './alias.ts'
import { confine, inside } from './confine.ts'
import { journalCommand, parseEntry } from './journal.ts'
import { stopSeconds, unitName } from './unit.ts'
import { parseState, showCommand } from './unit-state.ts'

/** Time for systemd's own work beside what the service may take. */
const MARGIN_MS = 30_000
/** systemctl stop: there is no such unit. */
const NOT_LOADED = 5

export function createSupervisor(host: Host): Supervisor {
  const unitOf = (slot: Slot): string => unitName(slot.service.name, slot.name)
  const withinOf = (slot: Slot): number => stopSeconds(slot.service) * 1000 + MARGIN_MS
  return {
    start: async (slot) => {
      await host.run(['systemctl', 'start', '--', unitOf(slot)])
    },
    stop: async (slot) => {
      await host.run(['systemctl', 'stop', '--', unitOf(slot)], { within: withinOf(slot), accept: [0, NOT_LOADED] })
    },
    restart: async (slot) => {
      await host.run(['systemctl', 'restart', '--', unitOf(slot)], { within: withinOf(slot) })
    },
    state: async (slot) => parseState((await host.query(showCommand(unitOf(slot)))).stdout),
    check: (service) => checkName(host, service.name),
    adopt: (slot) => adoptUnit(host, slot.service.name, slot.name),
    disown: (service) => disownUnits(host, service.name),
    logs: async function* (slots, query): AsyncGenerator<SlotLogLine> {
      if (slots.length === 0) return
      const options = query.signal === undefined ? {} : { signal: query.signal }
      for await (const line of host.stream(journalCommand(slots, query), options)) {
        const parsed = parseEntry(line, slots)
        if (parsed !== undefined) yield parsed
      }
    },
    confine: (service, argv) => confine(service.name, argv),
    inside,
  }
}
