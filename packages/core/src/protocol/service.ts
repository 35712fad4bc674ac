import * as z from 'zod'
import { behaviour } from '../define/behaviour.ts'
import { domainName, pluginName, port, projectName, route, serviceName, variableName } from '../define/names.ts'
import { json } from './json.ts'

/** A plain value, or a reference to what the host keeps under a name. */
export const envValue = z.union([z.string(), z.strictObject({ secret: variableName, optional: z.boolean() })])
export type EnvValue = z.output<typeof envValue>

export const health = z.strictObject({
  /** Path on the service's own port, beginning with "/". */
  path: z.string(),
  /** Milliseconds from the start of the candidate until it must have passed. */
  within: z.int().positive(),
  /** Consecutive passes that count as healthy. */
  passes: z.int().positive(),
  /** Milliseconds between two probes. */
  interval: z.int().positive(),
})

/** A service as it is shipped, planned, hashed and recorded: nothing of the client's machine, all defaults filled in. */
export const resolvedService = z.strictObject({
  name: serviceName,
  runtime: behaviour,
  start: z.tuple([z.string()], z.string()),
  /** Slot a's port. Without one the service is a worker. */
  port: port.optional(),
  route: route.optional(),
  health: health.optional(),
  overlap: z.boolean(),
  after: z.array(serviceName),
  env: z.record(variableName, envValue),
  /** Milliseconds that requests under way get after the switch. */
  drain: z.int().nonnegative(),
  /** Releases kept on the host, the live one included. */
  keep: z.int().min(2),
  /** One key a plugin: what the service says to it. */
  extensions: z.record(pluginName, json),
  /** Lifecycle hooks that the service itself declares; the functions are bound on the host. */
  hooks: z.array(z.string()),
})
export type ResolvedService = z.output<typeof resolvedService>

export const resolvedConfig = z.strictObject({
  v: z.literal(1),
  /** Version of Axle that resolved it. */
  axle: z.string(),
  project: projectName,
  gateway: z.strictObject({ domain: domainName.optional() }),
  services: z.array(resolvedService),
  plugins: z.array(behaviour),
})
export type ResolvedConfig = z.output<typeof resolvedConfig>
export type ResolvedGateway = ResolvedConfig['gateway']

/** A resolved service with its place on one host. */
export interface PlacedService extends ResolvedService {
  readonly project: string
  readonly ports?: { readonly a: number; readonly b: number }
}
