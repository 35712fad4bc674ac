import type { CommandDefinition } from './definition.ts'

export const status: CommandDefinition = {
  name: 'status',
  group: 'looking',
  summary: 'what serves now, from which slot, and how the last operation ended',
  options: ['service'],
  examples: ['axle status', 'axle status --json'],
  exits: [5],
  load: async () => (await import('../actions/queries.ts')).statusAction,
}
