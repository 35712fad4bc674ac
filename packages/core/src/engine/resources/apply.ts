import { AxleError } from '../../protocol/errors.ts'
import type { PlannedChange } from '../../protocol/plan.ts'
import { type Resource, resourceKey } from '../../protocol/resource.ts'
import type { Engine } from '../engine.ts'
import { readClaims, withClaim, withoutClaim, writeClaims } from '../registry/claims.ts'
import { batches, inOrder } from './order.ts'
import { kindOf, type Survey, survey } from './survey.ts'

type Phase = PlannedChange['phase']

/** What was changed, so that it can be put back: what was not there before, and what stood in its place. */
export interface ChangeLog {
  readonly created: Resource[]
  readonly replaced: Resource[]
}

export const emptyLog = (): ChangeLog => ({ created: [], replaced: [] })

/**
 * Makes one phase of a survey true, and returns the handlers that this calls for. Ownership is recorded, and the log
 * written, before anything is made: a death or failure in between must not leave behind what nobody takes away.
 */
export async function applyPhase(
  engine: Engine,
  of: Survey,
  phase: Phase,
  log: ChangeLog,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const inPhase = of.changes.filter((change) => change.phase === phase)
  const due = inPhase.filter((change) => change.action === 'create' || change.action === 'update')
  const before = new Map(engine.state.owned().map((one) => [resourceKey(one.resource), one.resource]))
  await claim(
    engine,
    inPhase.map((change) => change.resource),
  )
  for (const { resource, action } of due) {
    const old = before.get(resourceKey(resource))
    if (action === 'create') log.created.push(resource)
    else if (old !== undefined) log.replaced.push(old)
    engine.state.own(resource, engine.hash)
  }
  for (const batch of batches(due.map((change) => change.resource))) {
    const [first] = batch
    if (first === undefined) continue
    const ids = batch.map((resource) => resource.id)
    try {
      await of.inspections.get(first.kind)?.sync(engine.host, ids, signal)
    } catch (thrown) {
      throw AxleError.wrap(thrown, 'AXLE_RESOURCE').stamped({ kind: first.kind, resource: ids.join(', ') })
    }
  }
  return handlersOf(due.map((change) => change.resource))
}

function handlersOf(resources: readonly Resource[]): readonly string[] {
  return [...new Set(resources.flatMap((resource) => resource.notify))]
}

/** What is shared belongs to each project that wants it, also where another one made it. */
async function claim(engine: Engine, resources: readonly Resource[]): Promise<void> {
  const shared = resources.filter((resource) => resource.scope === 'host')
  if (shared.length === 0) return
  const before = await readClaims(engine.host)
  const after = shared.reduce((claims, one) => withClaim(claims, one, engine.bound.config.project, engine.axle), before)
  if (JSON.stringify(after) !== JSON.stringify(before)) await writeClaims(engine.host, after)
  for (const resource of shared) engine.state.own(resource, engine.hash)
}

/** Puts back what a log says, last first, and empties it. */
export async function undoChanges(engine: Engine, log: ChangeLog, signal: AbortSignal): Promise<void> {
  const handlers = [...(await removeResources(engine, log.created.splice(0), signal))]
  const old = log.replaced.splice(0)
  if (old.length > 0) {
    const back = await survey(engine.host, engine.container.kinds, old, await ownedKeys(engine))
    for (const phase of ['before', 'switch', 'after'] as const) {
      handlers.push(...(await applyPhase(engine, back, phase, emptyLog(), signal)))
    }
  }
  await runHandlers(engine, handlers, signal)
}

/**
 * Takes away what we made, last first. What other projects still hold stays. Returns the handlers to run. With anything
 * of scope `host`, the caller holds the host lock.
 */
export async function removeResources(
  engine: Engine,
  resources: readonly Resource[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const shared = resources.filter((resource) => resource.scope === 'host')
  const gone = resources.filter((resource) => resource.scope !== 'host')
  if (shared.length > 0) {
    let claims = await readClaims(engine.host)
    for (const resource of shared) {
      const result = withoutClaim(claims, resource, engine.bound.config.project)
      claims = result.claims
      if (result.orphaned) gone.push(resource)
    }
    await writeClaims(engine.host, claims)
  }
  for (const batch of batches(inOrder(gone).toReversed())) {
    const [first] = batch
    if (first === undefined) continue
    await kindOf(engine.container.kinds, first).remove(
      engine.host,
      batch.map(({ id, spec }) => ({ id, spec })),
      signal,
    )
  }
  for (const resource of resources) engine.state.disown(resource)
  return handlersOf(gone)
}

export async function runHandlers(engine: Engine, handlers: readonly string[], signal: AbortSignal): Promise<void> {
  for (const handler of new Set(handlers)) await engine.container.handle(handler, signal)
}

/** Keys of all that may be changed: what this project made, and what it shares with others. */
export async function ownedKeys(engine: Engine): Promise<ReadonlySet<string>> {
  const { claims } = await readClaims(engine.host)
  return new Set([...engine.state.owned().map(({ resource }) => resourceKey(resource)), ...Object.keys(claims)])
}
