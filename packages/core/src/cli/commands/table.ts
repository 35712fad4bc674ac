import { completion } from './completion.ts'
import type { CommandDefinition, CommandGroup } from './definition.ts'
import { deploy } from './deploy.ts'
import { env, envCommands } from './env.ts'
import { exec } from './exec.ts'
import { health } from './health.ts'
import { history } from './history.ts'
import { init } from './init.ts'
import { logs } from './logs.ts'
import { plan } from './plan.ts'
import { restart } from './restart.ts'
import { rollback } from './rollback.ts'
import { schema } from './schema.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'

/** In the order of --help. What is not built is not here. */
export const COMMANDS: readonly CommandDefinition[] = [
  init,
  plan,
  deploy,
  rollback,
  restart,
  stop,
  start,
  exec,
  status,
  health,
  logs,
  history,
  ...envCommands,
  schema,
  completion,
]

export const GROUPS: readonly CommandGroup[] = [env]
