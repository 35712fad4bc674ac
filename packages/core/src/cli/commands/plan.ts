import type { CommandDefinition } from './definition.ts'

export const plan: CommandDefinition = {
  name: 'plan',
  group: 'deploying',
  summary: 'show what a deploy would change, and change nothing',
  options: ['service'],
  examples: ['axle plan', 'axle plan --host deploy@api.example.com --json'],
  load: async () => (await import('../actions/plan.ts')).planAction,
}
