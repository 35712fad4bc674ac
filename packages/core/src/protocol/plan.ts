import * as z from 'zod'
import { change, resource } from './resource.ts'

export const plannedChange = z.strictObject({
  resource,
  action: z.enum(['create', 'update', 'remove', 'none']),
  /** When it happens; a replacement of what the live release may lean on moves to `after`. */
  phase: z.enum(['before', 'switch', 'after']),
  changes: z.array(change),
  /** Why nothing is to do. */
  reason: z.string().optional(),
})
export type PlannedChange = z.output<typeof plannedChange>

export const plannedService = z.strictObject({
  service: z.string(),
  action: z.enum(['deploy', 'rollback', 'restart', 'stop', 'start', 'unchanged']),
  release: z.string(),
  /** What serves now. */
  previous: z.string().optional(),
  slot: z.enum(['a', 'b']),
  /** Stop, start, verify: the service is away for that long. */
  gap: z.boolean(),
  files: z.int(),
  bytes: z.int(),
  /** Files whose content the host lacks. */
  missing: z.strictObject({ files: z.int(), bytes: z.int() }),
})
export type PlannedService = z.output<typeof plannedService>

/** The ordered difference between what is wanted and the host. */
export const plan = z.strictObject({
  v: z.literal(1),
  project: z.string(),
  services: z.array(plannedService),
  changes: z.array(plannedChange),
  /** Handlers that will run, such as `nginx/reload`. */
  handlers: z.array(z.string()),
})
export type Plan = z.output<typeof plan>
