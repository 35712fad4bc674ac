import { codeOf } from '../../define/behaviour.ts'
import { runtimeOf } from '../../define/runtime.ts'
import { AxleError } from '../../protocol/errors.ts'
import { service as at } from '../../protocol/layout.ts'
import type { Manifest } from '../../protocol/release.ts'
import { closeResource, type Resource, resourceKey } from '../../protocol/resource.ts'
import type { PlacedService } from '../../protocol/service.ts'
import type { Engine } from '../engine.ts'
import { readClaims, settle } from '../registry/claims.ts'
import { deployedServices, placeServices } from '../registry/services.ts'
import { liveOf, occupant, otherSlot, slotOf } from '../release/live.ts'
import { slotEnvironment } from '../release/slot-environment.ts'
import { ownedKeys } from '../resources/apply.ts'
import { coreHostResources } from '../resources/core-resources.ts'
import { type Survey, survey } from '../resources/survey.ts'
import { encodeEnvironment } from '../secrets/environment-file.ts'
import {
  hasEarlier,
  lastGood,
  type PluginCheck,
  recordedSource,
  requireSecrets,
  type Source,
  sentSource,
} from './source.ts'
import type { Target } from './target.ts'

export type Wish =
  | { readonly kind: 'deploy'; readonly manifests: Readonly<Record<string, Manifest>> }
  | { readonly kind: 'rollback'; readonly release: string | undefined }

export interface Prepared {
  readonly targets: readonly Target[]
  readonly checks: readonly PluginCheck[]
  /** Resources of scope `host` and `project`. */
  readonly shared: Survey
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

/** Shared resources as they should stand for these services on this host as it is now. */
export async function surveyShared(
  engine: Engine,
  services: readonly PlacedService[],
): Promise<{ survey: Survey; checks: readonly PluginCheck[]; contributed: readonly Resource[] }> {
  const facts = { ...engine.host.facts, services: await deployedServices(engine.host) }
  const { resources, checks } = engine.container.contribute(facts, services)
  const shared = [...coreHostResources(), ...resources.filter((one) => one.scope !== 'service')]
  const settled = settle(shared, await readClaims(engine.host), engine.bound.config.project, engine.axle)
  return {
    survey: await survey(engine.host, engine.container.kinds, settled, await ownedKeys(engine)),
    checks,
    contributed: resources,
  }
}

/**
 * Config and host → what is to do. Reads only (but for the ports' registry, where `write` is set): a plan and a deploy
 * compute the same thing with the same code.
 */
export async function prepare(
  engine: Engine,
  wish: Wish,
  names: readonly string[] | undefined,
  write: boolean,
): Promise<Prepared> {
  const placed = await placeServices(engine.host, engine.bound.config, write)
  const selected =
    wish.kind === 'deploy' ? select(placed, names) : await toRollBack(engine, placed, names, wish.release)
  if (wish.kind === 'deploy') await requireSecrets(engine, selected)
  const relevant = await relevantServices(
    engine,
    selected.map((service) => service.name),
  )
  const { survey: shared, checks, contributed } = await surveyShared(engine, relevant)
  const owned = await ownedKeys(engine)
  const targets: Target[] = []
  for (const service of selected) {
    targets.push(await target(engine, await sourceOf(engine, wish, service, contributed), owned))
  }
  return { targets, checks, shared }
}

/** What plugins contribute for: the services that an operation is about, and those that are deployed. */
export async function relevantServices(engine: Engine, names: readonly string[]): Promise<readonly PlacedService[]> {
  const placed = await placeServices(engine.host, engine.bound.config, false)
  const deployed = await deployedServices(engine.host)
  return placed.filter(({ name }) => names.includes(name) || deployed.some((one) => one.name === name))
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

async function sourceOf(
  engine: Engine,
  wish: Wish,
  service: PlacedService,
  contributed: readonly Resource[],
): Promise<Source> {
  if (wish.kind === 'rollback') {
    const live = await liveOf(engine, service.name)
    return recordedSource(engine, service, wish.release ?? lastGood(engine, service.name, live.release))
  }
  const files = wish.manifests[service.name]
  if (files === undefined) throw new AxleError('AXLE_UNKNOWN', `No files were sent for service ${service.name}.`)
  const entry = codeOf(runtimeOf(service.runtime)).entry(service.start)
  if (entry !== undefined && !files.some((file) => file.path === entry.replace(/^\.\//, ''))) {
    throw new AxleError('AXLE_FILES', `${service.name} starts ${entry}, which is not among its files.`, {
      hint: 'Let the build produce it, and add its folder to include.',
    })
  }
  return sentSource(engine, service, files, contributed)
}

async function target(engine: Engine, source: Source, owned: ReadonlySet<string>): Promise<Target> {
  const { service, release, resources } = source
  const { host, container } = engine
  const live = await liveOf(engine, service.name)
  const same = live.release === release
  const slot = same || live.release === undefined ? live.slot : otherSlot(live.slot)
  const closed = resources.map((one) => closeResource(one, { slot, port: service.ports?.[slot], release }))
  const around = await survey(host, container.kinds, closed, owned)
  const keys = new Set(closed.map(resourceKey))
  const orphans = engine.state
    .owned()
    .filter(
      (one) =>
        one.service === service.name &&
        (one.slot === undefined || one.slot === slot) &&
        !keys.has(resourceKey(one.resource)),
    )
    .map((one) => one.resource)
  const running = async (name: 'a' | 'b') => (await container.supervisor.state(slotOf(service, name))).state
  const settled = around.changes.every((change) => change.action === 'none') && orphans.length === 0
  const action = !same
    ? 'deploy'
    : settled && ['active', 'starting'].includes(await running(slot))
      ? 'unchanged'
      : 'repair'
  const environment = encodeEnvironment(slotEnvironment(service, slot, release, source.secrets))
  const warm =
    action === 'deploy' &&
    service.overlap &&
    around.changes.every((change) => change.resource.slot === undefined || change.action === 'none') &&
    (await occupant(host, service.name, slot)) === release &&
    (await host.read(at.slotEnv(service.name, slot))) === environment &&
    (await running(slot)) === 'active'
  return {
    ...source,
    previous: live.release,
    liveSlot: live.slot,
    slot,
    action,
    gap: action === 'deploy' && !service.overlap && live.release !== undefined,
    warm,
    survey: around,
    orphans,
  }
}
