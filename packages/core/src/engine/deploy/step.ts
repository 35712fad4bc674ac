import type { Resource } from '../../protocol/resource.ts'
import type { OperationContext } from '../engine.ts'
import type { PluginCheck } from './source.ts'
import type { Target } from './target.ts'

/** What the steps of one service's transaction share. */
export interface Work {
  readonly context: OperationContext
  readonly target: Target
  readonly checks: readonly PluginCheck[]
  /** Resources that this transaction made, to be taken away again by its undo. */
  readonly created: Resource[]
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
