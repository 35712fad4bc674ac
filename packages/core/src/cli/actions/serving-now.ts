import type { ServiceResult } from '../../protocol/events.ts'
import type { Connect } from '../connect.ts'
import type { CliContext } from '../context.ts'
import { askHost } from './ask.ts'

/** Longer than this nobody waits for the last lines of a failure. */
const WITHIN = 15_000

/** What serves after an operation that ended without a result. Empty where the host does not say. */
export async function servingNow(
  connect: Connect,
  { services }: { readonly services?: string[] | undefined },
  context: CliContext,
): Promise<readonly ServiceResult[]> {
  const signal = AbortSignal.any([context.interrupted, AbortSignal.timeout(WITHIN)])
  try {
    const request = { verb: 'status', ...(services === undefined ? {} : { services }) } as const
    const { said } = await askHost(connect, request, 'status', signal)
    return said.answer.services.map(({ service, release, healthy }) => ({
      service,
      outcome: 'failed',
      // A release whose process does not run serves nobody.
      ...(release === undefined || !healthy ? {} : { release }),
    }))
  } catch {
    return []
  }
}
