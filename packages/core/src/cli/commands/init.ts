import type { CommandDefinition } from './definition.ts'

export const init: CommandDefinition = {
  name: 'init',
  summary: 'write axle.config.ts for the project in this folder',
  options: ['json', 'host', 'domain', 'name', 'yes', 'noInstall', 'previewConfig'],
  reach: false,
  side: 'client',
  examples: ['axle init', 'axle init --yes --host deploy@api.example.com'],
  load: async () => (await import('../actions/init.ts')).initAction,
}
