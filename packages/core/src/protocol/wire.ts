import * as z from 'zod'
import { serializedError } from './errors.ts'
import { actor, event, serviceResult } from './events.ts'
import { plan } from './plan.ts'
import { manifest, releaseId, sha256 } from './release.ts'
import { resolvedConfig } from './service.ts'

/** Raised with every change of the messages below. Both sides come from the same bundle, so it only guards against mistakes. */
export const PROTOCOL = 1

const services = z.array(z.string()).optional()

/** What a viewer asks of the engine. `deploy` and `rollback` start an operation, the others answer at once. */
export const request = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('deploy'), services, now: z.boolean().default(false) }),
  z.strictObject({
    verb: z.literal('rollback'),
    services,
    release: releaseId.optional(),
    now: z.boolean().default(false),
  }),
  z.strictObject({ verb: z.literal('plan'), services }),
  z.strictObject({ verb: z.literal('status'), services }),
  z.strictObject({ verb: z.literal('health'), services }),
  z.strictObject({
    verb: z.literal('logs'),
    services,
    follow: z.boolean().default(false),
    lines: z.int().nonnegative().default(100),
    /** As journalctl(1) takes it in --since. */
    since: z.string().optional(),
  }),
  z.strictObject({ verb: z.literal('history'), limit: z.int().positive().default(20) }),
  z.strictObject({ verb: z.literal('env-list'), service: z.string() }),
  z.strictObject({ verb: z.literal('env-set'), service: z.string(), name: z.string(), value: z.string() }),
  z.strictObject({ verb: z.literal('env-unset'), service: z.string(), name: z.string() }),
])
export type Request = z.output<typeof request>
export type RequestInput = z.input<typeof request>
export type Verb = Request['verb']

/** First message of a viewer. Config and manifests are those of the client's source; without them the host uses the last it was sent. */
export const hello = z.strictObject({
  t: z.literal('hello'),
  protocol: z.literal(PROTOCOL),
  project: z.string(),
  actor,
  /** What the viewer's clock says. */
  time: z.iso.datetime().optional(),
  request,
  config: resolvedConfig.optional(),
  /** By service. */
  manifests: z.record(z.string(), manifest).optional(),
})
export type Hello = z.output<typeof hello>

/** The viewer's answer to `missing`: a header before the bytes of each content. */
export const blob = z.strictObject({ t: z.literal('blob'), sha256, size: z.int().nonnegative() })
export const sent = z.strictObject({ t: z.literal('sent') })

export const fromViewer = z.discriminatedUnion('t', [hello, blob, sent])
export type FromViewer = z.output<typeof fromViewer>

const slotState = z.strictObject({
  slot: z.enum(['a', 'b']),
  port: z.int().optional(),
  release: z.string().optional(),
  state: z.enum(['active', 'starting', 'stopping', 'inactive', 'failed']),
  pid: z.int().optional(),
  since: z.string().optional(),
  restarts: z.int().optional(),
})

const operationSummary = z.strictObject({
  id: z.string(),
  kind: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  actor,
  /** `running` while the lock is held, `died` where no result was recorded and nothing holds the lock. */
  outcome: z.string(),
  exit: z.int().optional(),
  error: serializedError.optional(),
  services: z.array(serviceResult),
})
export type OperationSummary = z.output<typeof operationSummary>

export const statusAnswer = z.strictObject({
  project: z.string(),
  host: z.string(),
  axle: z.string(),
  /** Where the gateway answers, as the host knows it. */
  gateway: z.string().optional(),
  services: z.array(
    z.strictObject({
      service: z.string(),
      route: z.string().optional(),
      /** The release that serves. Absent: never deployed. */
      release: z.string().optional(),
      live: slotState.optional(),
      other: slotState.optional(),
      /** Connections that the old slot still serves, while it drains. */
      draining: z.int().optional(),
      healthy: z.boolean(),
      reason: z.string().optional(),
      releases: z.array(z.string()),
    }),
  ),
  operation: operationSummary.optional(),
})
export type StatusAnswer = z.output<typeof statusAnswer>

export const healthAnswer = z.strictObject({
  healthy: z.boolean(),
  checks: z.array(
    z.strictObject({
      service: z.string().optional(),
      check: z.string(),
      ok: z.boolean(),
      detail: z.string(),
      ms: z.number(),
    }),
  ),
})
export type HealthAnswer = z.output<typeof healthAnswer>

export const historyAnswer = z.strictObject({ operations: z.array(operationSummary) })
export type HistoryAnswer = z.output<typeof historyAnswer>

export const envAnswer = z.strictObject({
  service: z.string(),
  names: z.array(z.strictObject({ name: z.string(), set: z.boolean(), declared: z.boolean(), optional: z.boolean() })),
})
export type EnvAnswer = z.output<typeof envAnswer>

export const logLine = z.strictObject({
  time: z.string(),
  service: z.string(),
  slot: z.enum(['a', 'b']).optional(),
  message: z.string(),
})
export type LogLine = z.output<typeof logLine>

export const answer = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('plan'), answer: plan }),
  z.strictObject({ verb: z.literal('status'), answer: statusAnswer }),
  z.strictObject({ verb: z.literal('health'), answer: healthAnswer }),
  z.strictObject({ verb: z.literal('history'), answer: historyAnswer }),
  z.strictObject({ verb: z.literal('env'), answer: envAnswer }),
])
export type Answer = z.output<typeof answer>

/** What the engine's side says. The last message is `end`; after it the channel closes. */
export const fromHost = z.discriminatedUnion('t', [
  /** Contents that the host lacks; the viewer sends each as `blob`, then `sent`. */
  z.strictObject({ t: z.literal('missing'), sha256: z.array(sha256) }),
  /** The operation runs by itself from here on. */
  z.strictObject({ t: z.literal('accepted'), op: z.string(), unit: z.string() }),
  z.strictObject({ t: z.literal('event'), event }),
  z.strictObject({ t: z.literal('line'), line: logLine }),
  z.strictObject({ t: z.literal('answer'), answer }),
  z.strictObject({ t: z.literal('error'), error: serializedError }),
  z.strictObject({ t: z.literal('end'), exit: z.int() }),
])
export type FromHost = z.output<typeof fromHost>
