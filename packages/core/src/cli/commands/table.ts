import { completion } from './completion.ts'
import type { CommandDefinition, CommandGroup } from './definition.ts'
import { deploy } from './deploy.ts'
import { env, envCommands } from './env.ts'
import { health } from './health.ts'
import { history } from './history.ts'
import { logs } from './logs.ts'
import { plan } from './plan.ts'
import { rollback } from './rollback.ts'
import { schema } from './schema.ts'
import { status } from './status.ts'

/** In the order of --help. What is not built is not here. */
export const COMMANDS: readonly CommandDefinition[] = [
  plan,
  deploy,
  rollback,
  status,
  health,
  logs,
  history,
  ...envCommands,
  schema,
  completion,
]

export const GROUPS: readonly CommandGroup[] = [env]
