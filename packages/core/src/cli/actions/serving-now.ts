import type { ServiceResult } from '../../protocol/events.ts'
import type { Connect } from '../connect.ts'
import type { CliContext } from '../context.ts'
import type { CheckedOptions } from '../options/check.ts'
import { askHost } from './ask.ts'
import { only } from './reach.ts'

/** Longer than this nobody waits for the last lines of a failure. */
const WITHIN = 15_000

/** What serves after an operation that ended without a result. Empty where the host does not say. */
export async function servingNow(
  connect: Connect,
  options: CheckedOptions,
  context: CliContext,
): Promise<readonly ServiceResult[]> {
  const signal = AbortSignal.any([context.interrupted, AbortSignal.timeout(WITHIN)])
  try {
    const request = { verb: 'status', ...only(options) } as const
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
