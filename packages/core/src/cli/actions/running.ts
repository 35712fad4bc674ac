import type { Action } from '../context.ts'
import { checkOptions } from '../options/check.ts'
import { operation, preview } from './operation.ts'
import { only } from './reach.ts'

/** Operations on the releases that are live: whether they run, and not which they are. */
function running(verb: 'restart' | 'stop' | 'start'): Action {
  return async (invocation, context) => {
    const options = checkOptions(invocation)
    const { now, wait } = options
    const request = { verb, now, wait, ...only(options) } as const
    return operation(request, options, context, () => preview(request, options, context))
  }
}

export const restartAction = running('restart')
export const stopAction = running('stop')
export const startAction = running('start')
