import * as z from 'zod'

const environments = ['development', 'test', 'staging', 'production'] as const
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** A key is sent as a header's value, where a space or a line break (a bad paste) fails late and obscurely. */
const key = z.string().regex(/^[\x21-\x7e]+$/, 'expected a key without spaces or line breaks')

function isHttpUrl(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

function isOrigin(value: string): boolean {
  return value === '*' || (isHttpUrl(value) && new URL(value).origin === value)
}

const origins = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine((list) => list.every(isOrigin), {
    error: 'expected origins such as https://app.example.com (no path, no slash at the end), separated by commas, or *',
  })

const portProblem = 'expected a whole number from 0 to 65535 (0 = any free port)'

/** What the service reads, and nothing else. The messages never repeat a value. */
export const environmentSchema = z.object({
  ENVIRONMENT: z.enum(environments, { error: `expected one of ${environments.join(', ')}` }).default('development'),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'expected an address or a host name')
    .default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, portProblem)
    .transform(Number)
    .refine((port) => port <= 65_535, { error: portProblem })
    .default(8000),
  LOG_LEVEL: z.enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` }).default('info'),
  ALLOWED_ORIGINS: origins.default([]),
  OPENAI_API_KEY: key.optional(),
  OPENAI_BASE_URL: z
    .string()
    .refine(isHttpUrl, { error: 'expected an http or https URL without a user or password in it' })
    .default('https://api.openai.com/v1'),
  OPENAI_MODEL: z.string().regex(/^\S+$/, "expected a model's name, without spaces").default('gpt-5.4-mini'),
  CLICKUP_API_KEY: key.optional(),
  CLICKUP_TEAM_ID: z.string().regex(/^\d+$/, 'expected the number of a ClickUp workspace').optional(),
  MONGO_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/\S+$/, 'expected a connection string that starts with mongodb:// or mongodb+srv://')
    .optional(),
  DATA_DIR: z.string().optional(),
  STATE_DIRECTORY: z.string().optional(),
})
