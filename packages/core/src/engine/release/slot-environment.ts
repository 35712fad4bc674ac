import type { SlotName } from '../../protocol/layout.ts'
import type { PlacedService } from '../../protocol/service.ts'
import type { Environment } from '../secrets/environment-file.ts'

/** The environment of a slot's process: what the service declares, and what Axle promises every service. */
export function slotEnvironment(
  service: PlacedService,
  slot: SlotName,
  release: string,
  secrets: Environment,
): Readonly<Record<string, string>> {
  const declared = Object.entries(service.env).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[name, value]]
    const known = secrets[value.secret]
    return known === undefined ? [] : [[name, known]]
  })
  const port = service.ports?.[slot]
  return {
    ...Object.fromEntries(declared),
    ...(port === undefined ? {} : { PORT: String(port) }),
    HOST: '127.0.0.1',
    AXLE_SERVICE: service.name,
    AXLE_RELEASE: release,
    AXLE_SLOT: slot,
  }
}
