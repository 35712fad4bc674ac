import type { CommandDefinition } from './definition.ts'

export const start: CommandDefinition = {
  name: 'start',
  group: 'running',
  summary: 'start services that were stopped or do not run; what runs is left alone',
  options: ['service', 'now', 'dryRun', 'wait', 'attach', 'detach'],
  examples: ['axle start --service api'],
  streams: true,
  exits: [4],
  load: async () => (await import('../actions/running.ts')).startAction,
}
