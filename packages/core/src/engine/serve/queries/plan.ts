import type { Plan } from '../../../protocol/plan.ts'
import type { Manifest } from '../../../protocol/release.ts'
import { type Resource, resourceKey } from '../../../protocol/resource.ts'
import { prepare } from '../../deploy/prepare.ts'
import { bytesOf, type Target } from '../../deploy/target.ts'
import type { Engine } from '../../engine.ts'

async function missing(engine: Engine, target: Target): Promise<{ files: number; bytes: number }> {
  const lacking = new Set(await engine.store.has(target.files))
  const files = target.files.filter((file) => 'sha256' in file && lacking.has(file.sha256))
  return { files: files.length, bytes: bytesOf(files) }
}

function removal(resource: Resource): Plan['changes'][number] {
  return { resource, action: 'remove', phase: 'after', changes: [], reason: 'nothing wants it any more' }
}

/** What a deploy would do: the same computation, and nothing changed. */
export async function plan(
  engine: Engine,
  manifests: Readonly<Record<string, Manifest>>,
  names: readonly string[] | undefined,
): Promise<Plan> {
  const { targets, shared } = await prepare(engine, { kind: 'deploy', manifests }, names, false)
  const services = await Promise.all(
    targets.map(async (target) => ({
      service: target.service.name,
      action: target.action === 'unchanged' ? ('unchanged' as const) : ('deploy' as const),
      release: target.release,
      slot: target.slot,
      gap: target.gap,
      files: target.files.length,
      bytes: bytesOf(target.files),
      missing: await missing(engine, target),
      ...(target.previous === undefined ? {} : { previous: target.previous }),
    })),
  )
  const wanted = new Set(shared.changes.map((change) => resourceKey(change.resource)))
  const orphans = engine.state
    .owned()
    .filter(({ resource }) => resource.scope !== 'service' && !wanted.has(resourceKey(resource)))
  const changes = [
    ...shared.changes,
    ...targets.flatMap((target) => [...target.survey.changes, ...target.orphans.map(removal)]),
    ...orphans.map(({ resource }) => removal(resource)),
  ]
  const due = changes.filter((change) => change.action !== 'none')
  const handlers = [...new Set(due.flatMap((change) => change.resource.notify))]
  return { v: 1, project: engine.bound.config.project, services, changes, handlers }
}
