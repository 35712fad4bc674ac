import type { Action } from '../context.ts'
import { checkOptions } from '../options/check.ts'
import { operation } from './operation.ts'
import { planAction } from './plan.ts'
import { only } from './reach.ts'

export const deployAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const { now, wait } = options
  return operation({ verb: 'deploy', now, wait, ...only(options) }, options, context, () =>
    planAction(invocation, context),
  )
}
