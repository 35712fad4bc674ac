import type { CommandDefinition, CommandGroup } from './definition.ts'

const name = { name: '<name>', description: 'name of the variable' } as const

export const env: CommandGroup = {
  name: 'env',
  group: 'environment',
  summary: "the services' secrets on the host (names only, never values)",
}

export const envCommands: readonly CommandDefinition[] = [
  {
    name: 'env list',
    group: 'environment',
    summary: 'names: which are set, which the config asks for',
    options: ['service'],
    examples: ['axle env list', 'axle env list --service api --json'],
    load: async () => (await import('../actions/env.ts')).envListAction,
  },
  {
    name: 'env set',
    arguments: [name],
    group: 'environment',
    summary: 'set one; the value comes from stdin, on a terminal from hidden input',
    options: ['service', 'restart'],
    streams: '--restart',
    exits: [4],
    examples: ['axle env set OPENAI_API_KEY', 'axle env set TLS_KEY --service api --restart < key.pem'],
    load: async () => (await import('../actions/env.ts')).envSetAction,
  },
  {
    name: 'env unset',
    arguments: [name],
    group: 'environment',
    summary: 'take one away',
    options: ['service', 'restart'],
    streams: '--restart',
    exits: [4],
    examples: ['axle env unset OPENAI_API_KEY'],
    load: async () => (await import('../actions/env.ts')).envUnsetAction,
  },
]
