import * as z from 'zod'
import { serializedError } from './serialized-error.ts'

const common = {
  v: z.literal(1),
  op: z.string(),
  seq: z.int().nonnegative(),
  time: z.iso.datetime(),
}

/** Who asked: for the lock's message, the history and the record. */
export const actor = z.strictObject({
  user: z.string(),
  host: z.string(),
  commit: z.string().optional(),
  dirty: z.boolean().optional(),
})
export type Actor = z.output<typeof actor>

export const operationKind = z.enum(['deploy', 'rollback', 'restart', 'stop', 'start'])

export const outcome = z.enum(['done', 'unchanged', 'failed', 'rolled-back', 'cancelled', 'lost-viewer'])
export type Outcome = z.output<typeof outcome>

export const serviceResult = z.strictObject({
  service: z.string(),
  outcome,
  /** What serves now. Absent where nothing does. */
  release: z.string().optional(),
  /** What served before. */
  previous: z.string().optional(),
})
export type ServiceResult = z.output<typeof serviceResult>

export const operationEvent = z.strictObject({
  ...common,
  type: z.literal('operation'),
  kind: operationKind,
  project: z.string(),
  services: z.array(z.string()),
  actor,
})

export const stepEvent = z.strictObject({
  ...common,
  type: z.literal('step'),
  step: z.string(),
  service: z.string().optional(),
  state: z.enum(['started', 'done', 'failed', 'skipped', 'undone']),
  /** Milliseconds since it started, for all but `started`. */
  ms: z.number().optional(),
  /** A few words: what was done, or why not. */
  detail: z.string().optional(),
})

export const logEvent = z.strictObject({
  ...common,
  type: z.literal('log'),
  level: z.enum(['debug', 'info', 'warning', 'error']),
  message: z.string(),
  /** Who says it: `core`, `plugin/hook`, or `service` for a line of the service's own log. */
  source: z.string(),
  service: z.string().optional(),
})

/** The wanted release takes traffic from this moment. */
export const liveEvent = z.strictObject({
  ...common,
  type: z.literal('live'),
  service: z.string(),
  release: z.string(),
  slot: z.enum(['a', 'b']),
  previous: z.string().optional(),
})

/** The last event of an operation. */
export const resultEvent = z.strictObject({
  ...common,
  type: z.literal('result'),
  outcome,
  exit: z.int(),
  code: z.string().optional(),
  error: serializedError.optional(),
  services: z.array(serviceResult),
})
export type ResultEvent = z.output<typeof resultEvent>

export const event = z.discriminatedUnion('type', [operationEvent, stepEvent, logEvent, liveEvent, resultEvent])
export type Event = z.output<typeof event>

type Stamped = 'v' | 'op' | 'seq' | 'time'
type Unstamped<E> = E extends Event ? Omit<E, Stamped> : never
/** An event before the engine stamps operation, number and time on it. */
export type EventBody = Unstamped<Event>
