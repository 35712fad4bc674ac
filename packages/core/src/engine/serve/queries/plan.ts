import type { Plan, PlannedService } from '../../../protocol/plan.ts'
import { type Resource, resourceKey } from '../../../protocol/resource.ts'
import { prepare } from '../../deploy/prepare.ts'
import { bytesOf, type Target } from '../../deploy/target.ts'
import { changesReleases, type Wish } from '../../deploy/wish.ts'
import type { Engine } from '../../engine.ts'

async function missing(engine: Engine, target: Target): Promise<{ files: number; bytes: number }> {
  const lacking = new Set(await engine.store.has(target.files))
  const files = target.files.filter((file) => 'sha256' in file && lacking.has(file.sha256))
  return { files: files.length, bytes: bytesOf(files) }
}

function removal(resource: Resource): Plan['changes'][number] {
  return { resource, action: 'remove', phase: 'after', changes: [], reason: 'nothing wants it any more' }
}

/** What an operation would do: the same computation, and nothing changed. */
export async function plan(engine: Engine, wish: Wish, names: readonly string[] | undefined): Promise<Plan> {
  const { project } = engine.bound.config
  const { targets, shared } = await prepare(engine, wish, names, false)
  const services = await Promise.all(
    targets.map(
      async (target): Promise<PlannedService> => ({
        service: target.service.name,
        action: target.action === 'unchanged' ? 'unchanged' : wish.kind,
        release: target.release,
        slot: target.slot,
        gap: target.gap,
        files: target.files.length,
        bytes: bytesOf(target.files),
        // What was recorded is laid out already.
        missing: wish.kind === 'deploy' ? await missing(engine, target) : { files: 0, bytes: 0 },
        ...(target.previous === undefined || (target.stopped && target.action !== 'stop')
          ? {}
          : { previous: target.previous }),
      }),
    ),
  )
  const own = targets
    .filter((target) => target.action !== 'stop')
    .flatMap((target) => [...target.survey.changes, ...target.orphans.map(removal)])
  if (!changesReleases(wish)) return { v: 1, project, services, changes: own, handlers: handlersOf(own) }
  const wanted = new Set(shared.changes.map((change) => resourceKey(change.resource)))
  const orphans = engine.state
    .owned()
    .filter(({ resource }) => resource.scope !== 'service' && !wanted.has(resourceKey(resource)))
  const changes = [...shared.changes, ...own, ...orphans.map(({ resource }) => removal(resource))]
  return { v: 1, project, services, changes, handlers: handlersOf(changes) }
}

function handlersOf(changes: Plan['changes']): string[] {
  const due = changes.filter((change) => change.action !== 'none')
  return [...new Set(due.flatMap((change) => change.resource.notify))]
}
