import { service as at } from '../../../protocol/layout.ts'
import { closeResource, resourceKey } from '../../../protocol/resource.ts'
import { linkLive, slotOf } from '../../release/live.ts'
import { applyPhase, ownedKeys, removeResources, runHandlers } from '../../resources/apply.ts'
import { survey } from '../../resources/survey.ts'
import { readRelease } from '../../store/stage-release.ts'
import type { Step, Work } from '../step.ts'

/** Puts back what the previous release had recorded, where this one replaced it. */
async function restorePrevious({ context, target }: Work): Promise<void> {
  const { engine } = context
  const { previous, service, liveSlot } = target
  if (previous === undefined) return
  const signal = AbortSignal.timeout(60_000)
  const record = await readRelease(engine.host, service.name, previous)
  const closed = record.resources.map((one) =>
    closeResource(one, { slot: liveSlot, port: service.ports?.[liveSlot], release: previous }),
  )
  const before = await survey(engine.host, engine.container.kinds, closed, await ownedKeys(engine))
  const handlers: string[] = []
  for (const phase of ['before', 'switch', 'after'] as const) {
    handlers.push(...(await applyPhase(engine, before, phase, liveSlot, signal)).handlers)
  }
  await runHandlers(engine, handlers, signal)
  await engine.container.supervisor.adopt(slotOf(service, liveSlot))
  await linkLive(engine.host, service.name, liveSlot, previous)
}

/** Removals, replacements, and what is derived from the flag: the service's own unit name, `current`, `.env`. */
export const replace: Step = {
  name: 'replace',
  run: async ({ context, target, created }) => {
    const { engine, signal } = context
    const { service, slot, release } = target
    const removed = target.orphans.length === 0 ? [] : await removeResources(engine, target.orphans, signal)
    const applied = await applyPhase(engine, target.survey, 'after', slot, signal)
    created.push(...applied.created)
    await runHandlers(engine, [...removed, ...applied.handlers], signal)
    await engine.container.supervisor.adopt(slotOf(service, slot))
    await linkLive(engine.host, service.name, slot, release)
    const changed = target.survey.changes
      .filter((change) => change.phase === 'after' && change.action !== 'none')
      .map((change) => resourceKey(change.resource))
    const words = [...changed, ...target.orphans.map((one) => `removed ${resourceKey(one)}`)]
    return words.length === 0 ? undefined : words.join(', ')
  },
  undo: async (work) => {
    const { context, target } = work
    if (target.previous !== undefined) return restorePrevious(work)
    await context.engine.container.supervisor.disown(target.service)
    await unlinkLive(work)
  },
}

async function unlinkLive({ context, target }: Work): Promise<void> {
  await context.engine.host.remove(at.current(target.service.name))
  await context.engine.host.remove(at.env(target.service.name))
}
