import { AxleError } from '../../protocol/errors.ts'
import type { Event } from '../../protocol/events.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { ViewerIo } from './io.ts'

/** Hands an operation's events to a viewer. Answers with the operation's exit code. */
export async function relay(
  first: IteratorResult<Event, unknown>,
  more: AsyncIterator<Event, unknown>,
  { operation, unit }: { readonly operation: string; readonly unit: string },
  io: ViewerIo,
): Promise<number> {
  for (let next = first; next.done !== true; next = await more.next()) {
    await io.send({ t: 'event', event: next.value })
    if (next.value.type === 'result') return next.value.exit
  }
  if (io.signal.aborted) return EXIT.interrupted
  throw new AxleError('AXLE_ENGINE_DIED', `The engine of ${operation} ended without a result (unit ${unit}).`, {
    hint: `Look at: journalctl -u ${unit}; then at: axle status`,
  })
}
