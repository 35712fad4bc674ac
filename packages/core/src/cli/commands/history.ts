import type { CommandDefinition } from './definition.ts'

export const history: CommandDefinition = {
  name: 'history',
  group: 'looking',
  summary: 'past operations: who, when, what, and how each ended',
  options: ['service', 'limit'],
  examples: ['axle history', 'axle history -n 5 --json'],
  load: async () => (await import('../actions/queries.ts')).historyAction,
}
