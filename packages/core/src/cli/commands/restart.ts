import type { CommandDefinition } from './definition.ts'

export const restart: CommandDefinition = {
  name: 'restart',
  group: 'running',
  summary: 'start the live release again in the other slot, with the secrets of today, and switch',
  options: ['service', 'now', 'dryRun', 'wait', 'attach', 'detach'],
  examples: ['axle restart --service api', 'axle restart --dry-run'],
  streams: true,
  exits: [4],
  load: async () => (await import('../actions/running.ts')).restartAction,
}
