import type { Action } from '../context.ts'
import { checkOptions } from '../options/check.ts'
import { operate } from './operate.ts'
import { planAction } from './plan.ts'
import { only } from './reach.ts'

export const deployAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  if (options.dryRun) return planAction(invocation, context)
  return operate({ verb: 'deploy', now: options.now, ...only(options) }, options, context)
}
