import { AxleError } from '../../../protocol/errors.ts'
import type { PlacedService } from '../../../protocol/service.ts'
import type { Engine } from '../../engine.ts'
import { placeServices } from '../../registry/services.ts'

/** The services that a query is about, with their places; a name that the project does not have is an error. */
export async function askedServices(
  engine: Engine,
  names: readonly string[] | undefined,
): Promise<readonly PlacedService[]> {
  const placed = await placeServices(engine.host, engine.bound.config, false)
  if (names === undefined || names.length === 0) return placed
  return names.map((name) => {
    const found = placed.find((service) => service.name === name)
    if (found !== undefined) return found
    const known = placed.map((service) => service.name).join(', ')
    throw new AxleError('AXLE_UNKNOWN', `There is no service "${name}" in this project; it has ${known}.`)
  })
}
