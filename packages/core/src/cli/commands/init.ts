import type { CommandDefinition } from './definition.ts'

export const init: CommandDefinition = {
  name: 'init',
  group: 'beginning',
  summary: 'write axle.config.ts for the project in this folder',
  options: ['host', 'domain', 'name', 'yes', 'noInstall', 'previewConfig'],
  local: true,
  side: 'client',
  examples: ['axle init', 'axle init --yes --host deploy@api.example.com'],
  exits: [1, 130],
  exitWords: { 1: 'failed', 130: 'interrupted' },
  load: async () => (await import('../actions/init.ts')).initAction,
}
