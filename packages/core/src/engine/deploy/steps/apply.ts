import { applyPhase, removeResources, runHandlers } from '../../resources/apply.ts'
import type { Step } from '../step.ts'

/** What is additive and invisible to the live release: user, folders, the candidate's unit. */
export const apply: Step = {
  name: 'apply',
  run: async ({ context, target, created }) => {
    const { engine, signal } = context
    const applied = await applyPhase(engine, target.survey, 'before', target.slot, signal)
    created.push(...applied.created)
    await runHandlers(engine, applied.handlers, signal)
    const changed = target.survey.changes.filter(
      (change) => change.phase === 'before' && change.action !== 'none',
    ).length
    return changed === 0 ? undefined : `${changed} resources`
  },
  undo: async ({ context, created }) => {
    await removeResources(context.engine, created.splice(0), AbortSignal.timeout(60_000))
  },
}
