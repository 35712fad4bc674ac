import type { HistoryAnswer } from '../../../protocol/wire.ts'
import type { Engine } from '../../engine.ts'
import { runningOperation } from './status.ts'

export function history(engine: Engine, limit: number): HistoryAnswer {
  return { operations: [...engine.state.operations(limit, runningOperation(engine))] }
}
