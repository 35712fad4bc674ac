import { AxleError } from '../../protocol/errors.ts'
import type { PlacedService } from '../../protocol/service.ts'
import type { Engine } from '../engine.ts'
import { liveOf } from '../release/live.ts'
import { hasEarlier } from './source.ts'
import type { Wish } from './wish.ts'

export async function selectFor(
  engine: Engine,
  wish: Wish,
  placed: readonly PlacedService[],
  names: readonly string[] | undefined,
): Promise<readonly PlacedService[]> {
  const named = names !== undefined && names.length > 0
  switch (wish.kind) {
    case 'deploy':
      return select(placed, names)
    case 'rollback':
      return toRollBack(engine, placed, names, wish.release)
    case 'restart':
    case 'start':
      return onlyDeployed(engine, select(placed, names), named)
    case 'stop':
      // What others come after is the last to go.
      return (await onlyDeployed(engine, select(placed, names), named)).toReversed()
  }
}

/**
 * Without names: the services that have the release, or else those that the last operation changed and that have
 * something to go back to.
 */
async function toRollBack(
  engine: Engine,
  placed: readonly PlacedService[],
  names: readonly string[] | undefined,
  release: string | undefined,
): Promise<readonly PlacedService[]> {
  if (names !== undefined && names.length > 0) return select(placed, names)
  const live = new Map<string, string | undefined>()
  for (const { name } of placed) live.set(name, (await liveOf(engine, name)).release)
  const deployed = inDeployOrder(placed.filter(({ name }) => live.get(name) !== undefined))
  if (release !== undefined) {
    const having = deployed.filter(({ name }) => engine.state.releases(name).some((row) => row.id === release))
    if (having.length > 0) return having
    throw new AxleError('AXLE_UNKNOWN', `No service of this project has a release ${release} on this host.`, {
      hint: 'See the releases with: axle status --json',
    })
  }
  const changed = engine.state
    .operations(100, undefined)
    // A restart changes no release, so it does not change what a rollback means either.
    .filter(({ kind }) => kind === 'deploy' || kind === 'rollback')
    .map(({ services }) => services.filter((one) => one.outcome === 'done').map((one) => one.service))
    .find((services) => services.length > 0)
  const able = deployed.filter(({ name }) => hasEarlier(engine, name, live.get(name)))
  const last = able.filter(({ name }) => changed?.includes(name) ?? true)
  if (last.length > 0) return last
  throw new AxleError(
    'AXLE_UNKNOWN',
    'Nothing that the last operation changed has an earlier release that served well, so there is nothing to roll back to.',
  )
}

/** What is to be restarted, stopped or started must have served: named, it is an error where it has not. */
async function onlyDeployed(
  engine: Engine,
  selected: readonly PlacedService[],
  named: boolean,
): Promise<readonly PlacedService[]> {
  const deployed: PlacedService[] = []
  for (const service of selected) {
    if ((await liveOf(engine, service.name)).release !== undefined) deployed.push(service)
    else if (named) throw neverDeployed(service.name)
  }
  if (deployed.length > 0) return deployed
  throw new AxleError('AXLE_UNKNOWN', 'No service of this project was ever deployed on this host.', {
    hint: 'Deploy first: axle deploy',
  })
}

export function neverDeployed(service: string): AxleError {
  return new AxleError('AXLE_UNKNOWN', `${service} was never deployed on this host.`, {
    hint: `Deploy it first: axle deploy --service ${service}`,
  })
}

function select(placed: readonly PlacedService[], names: readonly string[] | undefined): readonly PlacedService[] {
  if (names === undefined || names.length === 0) return inDeployOrder(placed)
  for (const name of names) {
    if (!placed.some((service) => service.name === name)) {
      const known = placed.map((service) => service.name).join(', ')
      throw new AxleError('AXLE_UNKNOWN', `There is no service "${name}" in this project; it has ${known}.`)
    }
  }
  return inDeployOrder(placed.filter((service) => names.includes(service.name)))
}

/** `after` first; the config has no cycles (checked when it was resolved). */
function inDeployOrder(services: readonly PlacedService[]): readonly PlacedService[] {
  const done: PlacedService[] = []
  const visit = (service: PlacedService) => {
    if (done.includes(service)) return
    for (const name of service.after) {
      const first = services.find((one) => one.name === name)
      if (first !== undefined) visit(first)
    }
    done.push(service)
  }
  for (const service of services) visit(service)
  return done
}
