import { releaseId } from '../../protocol/release.ts'
import type { Action } from '../context.ts'
import { checkArgument, checkOptions } from '../options/check.ts'
import { operate } from './operate.ts'
import { only } from './reach.ts'

export const rollbackAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const release = checkArgument('Release', invocation.arguments[0], releaseId.optional())
  return operate(
    { verb: 'rollback', now: options.now, ...only(options), ...(release === undefined ? {} : { release }) },
    options,
    context,
  )
}
