import type { CommandDefinition } from './definition.ts'

export const stop: CommandDefinition = {
  name: 'stop',
  group: 'running',
  summary: 'stop services, until start, restart, rollback or the next deploy; a reboot starts none of them',
  options: ['service', 'dryRun', 'wait', 'attach', 'detach'],
  examples: ['axle stop --service api', 'axle stop --dry-run'],
  streams: true,
  exits: [4],
  load: async () => (await import('../actions/running.ts')).stopAction,
}
