import type { CommandDefinition } from './definition.ts'

export const status: CommandDefinition = {
  name: 'status',
  summary: 'what serves now, from which slot, and how the last operation ended',
  options: ['service'],
  examples: ['axle status', 'axle status --json'],
  load: async () => (await import('../actions/queries.ts')).statusAction,
}
