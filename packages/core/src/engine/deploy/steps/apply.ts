import { applyPhase, runHandlers, undoChanges } from '../../resources/apply.ts'
import { type Step, UNDO_WITHIN } from '../step.ts'

/** What is additive and invisible to the live release: user, folders, the candidate's unit. */
export const apply: Step = {
  name: 'apply',
  run: async ({ context, target, changes }) => {
    const { engine, signal } = context
    const handlers = await applyPhase(engine, target.survey, 'before', changes.before, signal)
    await runHandlers(engine, handlers, signal)
    const changed = changes.before.created.length + changes.before.replaced.length
    return changed === 0 ? undefined : `${changed} resources`
  },
  undo: async ({ context, target, changes }) => {
    const { engine } = context
    if (target.previous === undefined) {
      // What a release that never served wrote goes with it, or the next first deploy would find somebody's folder.
      for (const { kind, id } of changes.before.created.toReversed()) {
        if (kind === 'directory') await engine.host.remove(id, { recursive: true })
      }
    }
    await undoChanges(engine, changes.before, AbortSignal.timeout(UNDO_WITHIN))
  },
}
