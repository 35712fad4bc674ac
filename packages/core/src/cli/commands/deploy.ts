import type { CommandDefinition } from './definition.ts'

export const deploy: CommandDefinition = {
  name: 'deploy',
  group: 'deploying',
  summary: 'build, send what the host lacks, start it beside the old release, verify it, switch',
  options: ['service', 'now', 'dryRun', 'wait', 'attach', 'detach'],
  examples: [
    'axle deploy',
    'axle deploy --service api --host deploy@api.example.com',
    'axle deploy --detach',
    'axle deploy --attach',
  ],
  streams: true,
  exits: [1, 4],
  load: async () => (await import('../actions/deploy.ts')).deployAction,
}
