import * as z from 'zod'
import { projectName, serviceName } from '../define/names.ts'
import { actor, event, serviceResult } from './events.ts'
import { plan } from './plan.ts'
import { manifest, releaseId, sha256 } from './release.ts'
import { serializedError } from './serialized-error.ts'
import { resolvedConfig } from './service.ts'
import { unsound } from './sound-manifest.ts'

/** Raised with every change of the messages below. Both sides come from the same bundle, so it only guards against mistakes. */
export const PROTOCOL = 2

const services = z.array(z.string()).optional()

const flag = z.boolean().default(false)
/** `wait`: for the project's lock, in the queue of those who wait, in place of a refusal. `now`: ends a draining slot. */
const changing = { services, wait: flag, now: flag }

/** What may change the host: each is an operation, with a unit, events and a record of its own. */
const operations = [
  z.strictObject({ verb: z.literal('deploy'), ...changing }),
  z.strictObject({ verb: z.literal('rollback'), ...changing, release: releaseId.optional() }),
  z.strictObject({ verb: z.literal('restart'), ...changing }),
  z.strictObject({ verb: z.literal('stop'), ...changing }),
  z.strictObject({ verb: z.literal('start'), ...changing }),
] as const
export const operationRequest = z.discriminatedUnion('verb', operations)
export type OperationRequest = z.output<typeof operationRequest>

/** What a viewer asks of the engine. Operations go on without it, the others answer it. */
export const request = z.discriminatedUnion('verb', [
  ...operations,
  /** The operation that runs, or the last one, from its first event. */
  z.strictObject({ verb: z.literal('attach') }),
  /** The plan of an operation that needs no files of the viewer. */
  z.strictObject({
    verb: z.literal('preview'),
    of: z.enum(['rollback', 'restart', 'stop', 'start']),
    services,
    release: releaseId.optional(),
  }),
  /** A command as the service's user, where and as its live release runs. Its words are nowhere recorded. */
  z.strictObject({
    verb: z.literal('exec'),
    service: z.string(),
    argv: z.tuple([z.string().min(1)], z.string().regex(/^[^\0]*$/, 'a word of a command has no NUL')),
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
  z.strictObject({ verb: z.literal('history'), services, limit: z.int().positive().default(20) }),
  z.strictObject({ verb: z.literal('env-list'), service: z.string() }),
  /** `restart`: then the service, through its other slot. */
  z.strictObject({
    verb: z.literal('env-set'),
    service: z.string(),
    name: z.string(),
    value: z.string(),
    restart: flag,
  }),
  z.strictObject({ verb: z.literal('env-unset'), service: z.string(), name: z.string(), restart: flag }),
])
export type Request = z.output<typeof request>
export type RequestInput = z.input<typeof request>
export type Verb = Request['verb']

/** What runs in a unit of its own, under the project's lock. */
export const isOperation = (verb: Verb): boolean => operations.some(({ shape }) => shape.verb.value === verb)

/** One that can be laid out, and whose links stay in it: the client sends no other. */
const soundManifest = manifest.superRefine((entries, context) => {
  const found = unsound(entries)
  if (found !== undefined)
    context.addIssue({
      code: 'custom',
      path: [found.index, 'path'],
      message: `${entries[found.index]?.path} ${found.why}`,
    })
})

/** First message of a viewer. Config and manifests are those of the client's source; without them the host uses the last it was sent. */
export const hello = z
  .strictObject({
    t: z.literal('hello'),
    protocol: z.literal(PROTOCOL),
    project: projectName,
    actor,
    /** What the viewer's clock says. */
    time: z.iso.datetime().optional(),
    request,
    config: resolvedConfig.optional(),
    /** By service. */
    manifests: z.record(serviceName, soundManifest).optional(),
    /** Contents follow at once, up to `sent`: what the viewer takes for missing, from what it sent the last time. */
    ahead: z.boolean().optional(),
  })
  .refine(({ project, config }) => config === undefined || config.project === project, {
    path: ['config', 'project'],
    error: 'expected the project of the hello',
  })
export type Hello = z.output<typeof hello>

/** The viewer's answer to `missing`: a header before the bytes of each content. */
export const blob = z.strictObject({ t: z.literal('blob'), sha256, size: z.int().nonnegative() })
export const sent = z.strictObject({ t: z.literal('sent') })

/** After `exec`, bytes are the command's standard input; this is its end. */
export const inputEnd = z.strictObject({ t: z.literal('input-end') })

export const fromViewer = z.discriminatedUnion('t', [hello, blob, sent, inputEnd])
export type FromViewer = z.output<typeof fromViewer>

export const stoppedMark = z.strictObject({ since: z.string(), actor })
export type StoppedMark = z.output<typeof stoppedMark>

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
      /** Somebody stopped it, and it stays so until `start`, `restart`, a deploy or a rollback. */
      stopped: stoppedMark.optional(),
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

/** Who is before a viewer that waits. */
export const waitingFor = z.strictObject({
  what: z.string(),
  since: z.string(),
  actor,
  operation: z.string().optional(),
})
export type WaitingFor = z.output<typeof waitingFor>

/**
 * Bytes of standard input that a viewer may send before the host has said that the command took them: what a command
 * does not read is kept by the viewer, and the host always sees whether the viewer is still there.
 */
export const INPUT_WINDOW = 1024 * 1024

/** What the engine's side says. The last message is `end`; after it the channel closes. */
export const fromHost = z.discriminatedUnion('t', [
  /** Contents that the host lacks; the viewer sends each as `blob`, then `sent`. */
  z.strictObject({ t: z.literal('missing'), sha256: z.array(sha256) }),
  /** Somebody else is first; said again whenever that changes. */
  z.strictObject({ t: z.literal('waiting'), for: waitingFor }),
  /** What `exec` prints: this many bytes follow. */
  z.strictObject({ t: z.literal('output'), stream: z.enum(['stdout', 'stderr']), size: z.int().positive() }),
  /** So many bytes of standard input more were taken. */
  z.strictObject({ t: z.literal('took'), bytes: z.int().positive() }),
  /** The operation runs by itself from here on. */
  z.strictObject({ t: z.literal('accepted'), op: z.string(), unit: z.string() }),
  z.strictObject({ t: z.literal('event'), event }),
  z.strictObject({ t: z.literal('line'), line: logLine }),
  z.strictObject({ t: z.literal('answer'), answer }),
  z.strictObject({ t: z.literal('error'), error: serializedError }),
  z.strictObject({ t: z.literal('end'), exit: z.int() }),
])
export type FromHost = z.output<typeof fromHost>
