import type { CommandDefinition } from './definition.ts'

export const rollback: CommandDefinition = {
  name: 'rollback',
  arguments: [{ name: '[release]', description: 'a release that axle status lists; without it, the one before' }],
  group: 'deploying',
  summary: 'put an earlier release back, with its files, unit, routes and plain environment',
  options: ['service', 'now', 'dryRun', 'wait', 'attach', 'detach'],
  examples: ['axle rollback', 'axle rollback 3f9c1a2b7d40 --service api'],
  streams: true,
  exits: [1, 4],
  load: async () => (await import('../actions/rollback.ts')).rollbackAction,
}
