import { SCHEMA_NAMES } from '../schema/names.ts'
import type { CommandDefinition } from './definition.ts'

export const schema: CommandDefinition = {
  name: 'schema',
  arguments: [{ name: '[name]', description: 'only this one', choices: SCHEMA_NAMES }],
  group: 'tools',
  summary: 'JSON Schemas of all that --json prints, by name',
  local: true,
  options: [],
  examples: ['axle schema', 'axle schema event > event.schema.json'],
  load: async () => (await import('../actions/schema.ts')).schemaAction,
}
