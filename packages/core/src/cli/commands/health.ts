import type { CommandDefinition } from './definition.ts'

export const health: CommandDefinition = {
  name: 'health',
  summary: 'run the checks now; exit 5 when one fails',
  options: ['service'],
  examples: ['axle health', 'axle health --service api --json'],
  load: async () => (await import('../actions/queries.ts')).healthAction,
}
