import { codeOf } from '../../define/behaviour.ts'
import { runtimeOf } from '../../define/runtime.ts'
import { AxleError } from '../../protocol/errors.ts'
import { service as at, type SlotName } from '../../protocol/layout.ts'
import { closeResource, type Resource, resourceKey } from '../../protocol/resource.ts'
import type { PlacedService } from '../../protocol/service.ts'
import type { Engine } from '../engine.ts'
import { readClaims, settle } from '../registry/claims.ts'
import { deployedServices, placeServices } from '../registry/services.ts'
import { liveOf, occupant, otherSlot, slotOf } from '../release/live.ts'
import { slotEnvironment } from '../release/slot-environment.ts'
import { readStopped } from '../release/stopped.ts'
import { ownedKeys } from '../resources/apply.ts'
import { coreHostResources } from '../resources/core-resources.ts'
import { type Survey, survey } from '../resources/survey.ts'
import { encodeEnvironment } from '../secrets/environment-file.ts'
import { selectFor } from './select.ts'
import { lastGood, type PluginCheck, recordedSource, requireSecrets, type Source, sentSource } from './source.ts'
import { NOTHING, stopTarget } from './stop-target.ts'
import { isIdle, isUp, type Target } from './target.ts'
import type { Wish } from './wish.ts'

export interface Prepared {
  readonly targets: readonly Target[]
  readonly checks: readonly PluginCheck[]
  /** Resources of scope `host` and `project`. */
  readonly shared: Survey
}

/** What plugins contribute for these services on this host as it is now; `shared`, as others' claims leave it. */
export async function contributions(
  engine: Engine,
  services: readonly PlacedService[],
): Promise<{ shared: readonly Resource[]; checks: readonly PluginCheck[]; resources: readonly Resource[] }> {
  const facts = { ...engine.host.facts, services: await deployedServices(engine.host) }
  const { resources, checks } = engine.container.contribute(facts, services)
  const shared = [...coreHostResources(), ...resources.filter((one) => one.scope !== 'service')]
  const claims = await readClaims(engine.host)
  return { shared: settle(shared, claims, engine.bound.config.project, engine.axle), checks, resources }
}

/** Shared resources, held against the host. */
export async function surveyShared(engine: Engine, services: readonly PlacedService[]): Promise<Survey> {
  const { shared } = await contributions(engine, services)
  return survey(engine.host, engine.container.kinds, shared, await ownedKeys(engine))
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
  const selected = await selectFor(engine, wish, placed, names)
  if (wish.kind === 'stop') {
    const targets = await Promise.all(selected.map((service) => stopTarget(engine, service)))
    return { targets, checks: [], shared: NOTHING }
  }
  if (wish.kind === 'deploy') await requireSecrets(engine, selected)
  const relevant = await relevantServices(
    engine,
    selected.map((service) => service.name),
  )
  const { shared: wanted, checks, resources } = await contributions(engine, relevant)
  const owned = await ownedKeys(engine)
  const targetOf = async (service: PlacedService) =>
    target(engine, wish.kind, await sourceOf(engine, wish, service, resources), owned)
  // Side by side: looking at a host is mostly waiting for programs.
  const [shared, ...targets] = await Promise.all([
    survey(engine.host, engine.container.kinds, wanted, owned),
    ...selected.map(targetOf),
  ])
  if (wish.kind === 'restart' || wish.kind === 'start') {
    const due = targets.filter((one) => one.action !== 'unchanged').map((one) => one.service)
    await requireSecrets(engine, due)
  }
  return { targets, checks, shared }
}

/** What plugins contribute for: the services that an operation is about, and those that are deployed. */
export async function relevantServices(engine: Engine, names: readonly string[]): Promise<readonly PlacedService[]> {
  const placed = await placeServices(engine.host, engine.bound.config, false)
  const deployed = await deployedServices(engine.host)
  return placed.filter(({ name }) => names.includes(name) || deployed.some((one) => one.name === name))
}

async function sourceOf(
  engine: Engine,
  wish: Wish,
  service: PlacedService,
  contributed: readonly Resource[],
): Promise<Source> {
  if (wish.kind !== 'deploy') {
    const { release } = await liveOf(engine, service.name)
    const wanted = wish.kind === 'rollback' ? wish.release : release
    return recordedSource(engine, service, wanted ?? lastGood(engine, service.name, release))
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

async function target(engine: Engine, kind: Wish['kind'], source: Source, owned: ReadonlySet<string>): Promise<Target> {
  const { service, release, resources } = source
  const { host, container } = engine
  const stateOf = (name: SlotName) => container.supervisor.state(slotOf(service, name))
  const looking = Promise.all([stateOf('a'), stateOf('b')])
  // Whoever fails first is heard; the other may fail as well.
  looking.catch(() => undefined)
  const live = await liveOf(engine, service.name)
  const stopped = (await readStopped(host, service.name, engine.log)) !== undefined
  // By what runs, and not by the mark: somebody may have started by hand what was stopped here.
  const up = async () => isUp((await looking)[live.slot === 'a' ? 0 : 1])
  // The same release once more, in the other slot.
  const again = kind === 'restart' || (kind === 'start' && !(await up()))
  const same = live.release === release && !again
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
  const settled = around.changes.every((change) => change.action === 'none') && orphans.length === 0
  const [a, b] = await looking
  const states = { a, b }
  const serving = await up()
  const away = stopped && isIdle(states)
  const action = actionOf()
  function actionOf(): Target['action'] {
    if (!same) return 'deploy'
    return (settled || kind === 'start') && serving && !stopped ? 'unchanged' : 'repair'
  }
  const environment = encodeEnvironment(slotEnvironment(service, slot, release, source.secrets))
  const warm =
    action === 'deploy' &&
    !again &&
    service.overlap &&
    around.changes.every((change) => change.resource.slot === undefined || change.action === 'none') &&
    (await occupant(host, service.name, slot)) === release &&
    (await host.read(at.slotEnv(service.name, slot))) === environment &&
    states[slot].state === 'active'
  return {
    ...source,
    states,
    previous: live.release,
    liveSlot: live.slot,
    slot,
    stopped,
    action,
    gap: action === 'deploy' && !service.overlap && live.release !== undefined && !away,
    warm,
    survey: around,
    orphans,
  }
}
