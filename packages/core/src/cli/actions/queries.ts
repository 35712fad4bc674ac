import type { Action } from '../context.ts'
import { checkOptions } from '../options/check.ts'
import { healthLines } from '../render/health.ts'
import { historyLines } from '../render/history.ts'
import { statusLines } from '../render/status.ts'
import { askHost, query } from './ask.ts'
import { only } from './reach.ts'

export const statusAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  return query('status', options, context, async (connect) => {
    const { said, exit } = await askHost(connect, { verb: 'status', ...only(options) }, 'status', context.interrupted)
    return { json: said.answer, exit, lines: (style) => statusLines(said.answer, style, new Date()) }
  })
}

export const healthAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  return query('health', options, context, async (connect) => {
    const { said, exit } = await askHost(connect, { verb: 'health', ...only(options) }, 'health', context.interrupted)
    return { json: said.answer, exit, lines: (style) => healthLines(said.answer, style) }
  })
}

export const historyAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  return query('history', options, context, async (connect) => {
    const { said, exit } = await askHost(
      connect,
      { verb: 'history', limit: options.limit, ...only(options) },
      'history',
      context.interrupted,
    )
    return { json: said.answer, exit, lines: (style) => historyLines(said.answer, style, new Date()) }
  })
}
