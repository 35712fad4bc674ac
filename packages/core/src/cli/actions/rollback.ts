import { releaseId } from '../../protocol/release.ts'
import type { Action } from '../context.ts'
import { checkArgument, checkOptions } from '../options/check.ts'
import { operation, preview } from './operation.ts'
import { only } from './reach.ts'

export const rollbackAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const { now, wait } = options
  const release = checkArgument('Release', invocation.arguments[0], releaseId.optional())
  const request = {
    verb: 'rollback',
    now,
    wait,
    ...only(options),
    ...(release === undefined ? {} : { release }),
  } as const
  return operation(request, options, context, () => preview(request, options, context))
}
