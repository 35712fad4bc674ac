import { join, resolve } from 'node:path'
import { ConfigError } from './config-error.ts'
import { environmentSchema } from './environment.ts'

export interface ModelConfig {
  readonly apiKey: string
  readonly baseURL: string
  readonly model: string
}

export type MemoryConfig =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'mongodb'; readonly uri: string }

export interface ClickUpConfig {
  readonly apiKey: string | undefined
  readonly teamId: string | undefined
}

export interface Config {
  readonly environment: string
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly allowedOrigins: readonly string[]
  /** Absent = /chat answers 503 and names the variable that is missing. */
  readonly model: ModelConfig | undefined
  readonly memory: MemoryConfig
  readonly clickup: ClickUpConfig
  /** What must never leave the process in a log line. */
  readonly secrets: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

/** Env files often hold `NAME=` for what is not set: an empty value counts as none. */
function withoutBlanks(env: Environment): Record<string, string> {
  const filled: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value.trim() !== '') filled[name] = value.trim()
  }
  return filled
}

/** systemd hands over a colon-separated list when a unit declares several state directories; ours is the first. */
function dataDirectory(dataDir: string | undefined, stateDirectory: string | undefined): string {
  return resolve(dataDir ?? stateDirectory?.split(':')[0] ?? 'data')
}

/** The password counts as a secret of its own: drivers quote parts of a URI in their messages. */
function secretsOf(values: readonly (string | undefined)[], mongoUri: string | undefined): string[] {
  const password = mongoUri?.match(/^mongodb(?:\+srv)?:\/\/[^:@/]*:([^@/]+)@/)?.[1]
  return [...values, mongoUri, password].filter((value) => value !== undefined)
}

export function loadConfig(env: Environment): Config {
  const parsed = environmentSchema.safeParse(withoutBlanks(env))
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => ({
        variable: String(issue.path[0] ?? 'environment'),
        problem: issue.message,
      })),
    )
  }
  const e = parsed.data
  return {
    environment: e.ENVIRONMENT,
    host: e.HOST,
    port: e.PORT,
    logLevel: e.LOG_LEVEL,
    allowedOrigins: e.ALLOWED_ORIGINS,
    model:
      e.OPENAI_API_KEY === undefined
        ? undefined
        : { apiKey: e.OPENAI_API_KEY, baseURL: e.OPENAI_BASE_URL, model: e.OPENAI_MODEL },
    memory:
      e.MONGO_URI === undefined
        ? { kind: 'sqlite', file: join(dataDirectory(e.DATA_DIR, e.STATE_DIRECTORY), 'clickup-agent.sqlite') }
        : { kind: 'mongodb', uri: e.MONGO_URI },
    clickup: { apiKey: e.CLICKUP_API_KEY, teamId: e.CLICKUP_TEAM_ID },
    secrets: secretsOf([e.OPENAI_API_KEY, e.CLICKUP_API_KEY], e.MONGO_URI),
  }
}
