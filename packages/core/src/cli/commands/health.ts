import type { CommandDefinition } from './definition.ts'

export const health: CommandDefinition = {
  name: 'health',
  group: 'looking',
  summary: 'run the checks now; exit 5 when one fails',
  options: ['service'],
  examples: ['axle health', 'axle health --service api --json'],
  exits: [5],
  load: async () => (await import('../actions/queries.ts')).healthAction,
}
