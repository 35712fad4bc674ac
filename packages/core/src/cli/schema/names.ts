/** What `axle schema` knows. Alone in its file, so that --help needs no zod. */
export const SCHEMA_NAMES = [
  'event',
  'plan',
  'status',
  'health',
  'history',
  'logs',
  'env-list',
  'env-set',
  'exec',
  'init',
  'failure',
  'config',
] as const

export type SchemaName = (typeof SCHEMA_NAMES)[number]
