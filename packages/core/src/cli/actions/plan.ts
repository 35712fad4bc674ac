import type { Action } from '../context.ts'
import { checkOptions } from '../options/check.ts'
import { planLines } from '../render/plan.ts'
import { askHost, query } from './ask.ts'
import { only } from './reach.ts'

export const planAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  return query('plan', options, context, async (connect) => {
    const { said, exit } = await askHost(connect, { verb: 'plan', ...only(options) }, 'plan', context.interrupted)
    return { json: said.answer, exit, lines: (style) => planLines(said.answer, style) }
  })
}
