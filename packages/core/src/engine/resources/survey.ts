import type { Inspection, ResourceKind } from '../../define/kind.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { PlannedChange } from '../../protocol/plan.ts'
import { type Resource, resourceKey } from '../../protocol/resource.ts'
import type { HostReader } from '../host/host.ts'
import { inOrder } from './order.ts'

/** What one look at the host says of a set of resources, and how to change it. */
export interface Survey {
  readonly changes: readonly PlannedChange[]
  readonly inspections: ReadonlyMap<string, Inspection>
}

export function kindOf(kinds: ReadonlyMap<string, ResourceKind>, resource: Resource): ResourceKind {
  const kind = kinds.get(resource.kind)
  if (kind !== undefined) return kind
  throw new AxleError('AXLE_PLUGIN', `Nothing knows resources of the kind "${resource.kind}" (${resource.id}).`)
}

function firstDuplicate(resources: readonly Resource[]): string | undefined {
  const seen = new Set<string>()
  return resources.map(resourceKey).find((key) => seen.size === seen.add(key).size)
}

/**
 * Looks at the host, one batch a kind, and changes nothing. What is there and not ours (`owned` says what is) is refused
 * by name: Axle never takes anything over.
 */
export async function survey(
  host: HostReader,
  kinds: ReadonlyMap<string, ResourceKind>,
  wanted: readonly Resource[],
  owned: ReadonlySet<string>,
): Promise<Survey> {
  const twice = firstDuplicate(wanted)
  if (twice !== undefined) throw new AxleError('AXLE_PLUGIN', `Two contributions want ${twice}.`)
  const byKind = Map.groupBy(wanted, (resource) => resource.kind)
  const inspect = async (name: string, group: readonly [Resource, ...Resource[]]): Promise<[string, Inspection]> => {
    const batch = group.map(({ id, spec }) => ({ id, spec }))
    try {
      return [name, await kindOf(kinds, group[0]).inspect(host, batch)]
    } catch (thrown) {
      throw AxleError.wrap(thrown, 'AXLE_RESOURCE').stamped({ kind: name })
    }
  }
  // Side by side: most of the time goes into starting programs.
  const inspections = new Map(
    await Promise.all(
      Array.from(byKind, async ([name, [first, ...rest]]) =>
        first === undefined ? [] : [await inspect(name, [first, ...rest])],
      ),
    ).then((found) => found.flat()),
  )
  const changes = inOrder(wanted).map((resource): PlannedChange => {
    const inspection = inspections.get(resource.kind)
    const comparison = inspection?.comparisons.get(resource.id)
    const present = inspection?.present.has(resource.id) ?? false
    if (present && !owned.has(resourceKey(resource))) {
      throw new AxleError(
        'AXLE_NOT_OURS',
        `${resource.kind} ${resource.id} exists on the host, and Axle did not make it.`,
        {
          where: resource.id,
        },
      )
    }
    if (comparison === undefined || 'same' in comparison) {
      return { resource, action: 'none', phase: resource.phase, changes: [], reason: comparison?.same ?? 'as wanted' }
    }
    const phase = present ? phaseOfReplacement(resource) : resource.phase
    return { resource, action: present ? 'update' : 'create', phase, changes: [...comparison.changes] }
  })
  return { changes, inspections }
}

/** The live release may lean on what is there: only a slot's own things are replaced before the switch. */
function phaseOfReplacement(resource: Resource): PlannedChange['phase'] {
  return resource.scope === 'service' && resource.phase === 'before' && resource.slot === undefined
    ? 'after'
    : resource.phase
}
