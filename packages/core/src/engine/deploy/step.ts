import type { OperationContext } from '../engine.ts'
import { type ChangeLog, emptyLog } from '../resources/apply.ts'
import type { PluginCheck } from './source.ts'
import type { Target } from './target.ts'

/** What the steps of one service's transaction share. */
export interface Work {
  readonly context: OperationContext
  readonly target: Target
  readonly checks: readonly PluginCheck[]
  /** What each phase changed, for its undo. */
  readonly changes: { readonly before: ChangeLog; readonly switch: ChangeLog; readonly after: ChangeLog }
}

export function workOn(context: OperationContext, target: Target, checks: readonly PluginCheck[]): Work {
  return { context, target, checks, changes: { before: emptyLog(), switch: emptyLog(), after: emptyLog() } }
}

/**
 * One step of the deploy. `run` returns a few words for the screen, or `undefined` where there was nothing to do; both
 * `run` and `undo` may be repeated. Undo runs for steps that began, last first.
 */
export interface Step {
  readonly name: string
  run(work: Work): Promise<string | undefined>
  undo(work: Work): Promise<void>
}

export const nothingToUndo = async (): Promise<void> => {}

/** Milliseconds that an undo of resources may take: longer than nginx needs to reload. */
export const UNDO_WITHIN = 60_000
