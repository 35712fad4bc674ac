import { AxleError } from '../../protocol/errors.ts'
import type { PlannedChange } from '../../protocol/plan.ts'
import { type Resource, resourceKey } from '../../protocol/resource.ts'
import type { Engine } from '../engine.ts'
import { readClaims, withClaim, withoutClaim, writeClaims } from '../registry/claims.ts'
import { batches, inOrder } from './order.ts'
import { kindOf, type Survey } from './survey.ts'

type Phase = PlannedChange['phase']

export interface Applied {
  readonly created: readonly Resource[]
  readonly handlers: readonly string[]
}

/**
 * Makes one phase of a survey true. Ownership is recorded before anything is made: a death in between must not leave
 * behind what the next run would refuse as somebody else's.
 */
export async function applyPhase(
  engine: Engine,
  of: Survey,
  phase: Phase,
  slot: string | undefined,
  signal: AbortSignal,
): Promise<Applied> {
  const due = of.changes.filter(
    (change) => change.phase === phase && (change.action === 'create' || change.action === 'update'),
  )
  await claim(
    engine,
    of.changes.filter((change) => change.phase === phase).map((change) => change.resource),
  )
  for (const { resource } of due) engine.state.own(resource, slotFor(resource, slot), engine.hash)
  for (const batch of batches(due.map((change) => change.resource))) {
    const [first] = batch
    if (first === undefined) continue
    const inspection = of.inspections.get(first.kind)
    try {
      await inspection?.sync(
        engine.host,
        batch.map((resource) => resource.id),
        signal,
      )
    } catch (thrown) {
      const about = batch.map((resource) => resource.id).join(', ')
      throw AxleError.wrap(thrown, 'AXLE_RESOURCE').stamped({ kind: first.kind, resource: about })
    }
  }
  return {
    created: due.filter((change) => change.action === 'create').map((change) => change.resource),
    handlers: [...new Set(due.flatMap((change) => change.resource.notify))],
  }
}

/** A resource whose name carries the slot belongs to that slot only. */
function slotFor(resource: Resource, slot: string | undefined): string | undefined {
  return slot !== undefined && resource.service !== undefined && resource.id.includes(`${resource.service}-${slot}.`)
    ? slot
    : undefined
}

async function claim(engine: Engine, resources: readonly Resource[]): Promise<void> {
  const shared = resources.filter((resource) => resource.scope === 'host')
  if (shared.length === 0) return
  const before = await readClaims(engine.host)
  const after = shared.reduce((claims, one) => withClaim(claims, one, engine.bound.config.project, engine.axle), before)
  if (JSON.stringify(after) !== JSON.stringify(before)) await writeClaims(engine.host, after)
}

/** Takes away what we made, last first. What other projects still hold stays. Returns the handlers to run. */
export async function removeResources(
  engine: Engine,
  resources: readonly Resource[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const gone: Resource[] = []
  let claims = await readClaims(engine.host)
  for (const resource of resources) {
    const result = withoutClaim(claims, resource, engine.bound.config.project)
    claims = result.claims
    if (resource.scope !== 'host' || result.orphaned) gone.push(resource)
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
  await writeClaims(engine.host, claims)
  for (const resource of resources) engine.state.disown(resource)
  return [...new Set(gone.flatMap((resource) => resource.notify))]
}

export async function runHandlers(engine: Engine, handlers: readonly string[], signal: AbortSignal): Promise<void> {
  for (const handler of new Set(handlers)) await engine.container.handle(handler, signal)
}

/** Keys of all that may be changed: what this project made, and what it shares with others. */
export async function ownedKeys(engine: Engine): Promise<ReadonlySet<string>> {
  const { claims } = await readClaims(engine.host)
  return new Set([...engine.state.owned().map(({ resource }) => resourceKey(resource)), ...Object.keys(claims)])
}
