import type { HistoryAnswer, Request } from '../../../protocol/wire.ts'
import type { Engine } from '../../engine.ts'
import { runningOperation } from './status.ts'

export function history(
  engine: Engine,
  { limit, services }: Pick<Extract<Request, { verb: 'history' }>, 'limit' | 'services'>,
): HistoryAnswer {
  return { operations: [...engine.state.operations(limit, runningOperation(engine), services)] }
}
