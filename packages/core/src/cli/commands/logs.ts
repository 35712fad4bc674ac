import type { CommandDefinition } from './definition.ts'

export const logs: CommandDefinition = {
  name: 'logs',
  group: 'looking',
  summary: "the services' log lines, from both slots",
  options: ['service', 'follow', 'lines', 'since'],
  examples: ['axle logs -f', 'axle logs --service api -n 500 --since "10 min ago"'],
  load: async () => (await import('../actions/logs.ts')).logsAction,
}
