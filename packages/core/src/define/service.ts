import * as z from 'zod'
import { type HookData, type HookName, isHookName } from '../lifecycle/table.ts'
import { hasCode, type WithCode, withCode } from './behaviour.ts'
import { duration } from './duration.ts'
import { port, route, serviceName, variableName } from './names.ts'
import type { Capabilities, Hook } from './plugin.ts'
import type { Runtime } from './runtime.ts'
import { secretReference } from './secret.ts'

/** A plugin merges one key, its own name: `declare module '@axle-ia/core' { interface ServiceExtensions { nginx?: … } }`. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by module augmentation
export interface ServiceExtensions {}

const start = z
  .union([z.string().trim().min(1, 'expected a command such as "node dist/server.js"'), z.array(z.string()).min(1)])
  .describe('The command, split into words; no shell. $PORT is expanded.')

const runtime = z.custom<Runtime>(hasCode, 'expected node(…) or command()')

/** Hooks of one service. They run for this service only. */
export type ServiceHooks = { readonly [K in HookName]?: Hook<HookData<K> & Capabilities> }

const hooks = z.custom<ServiceHooks>(
  (value) => typeof value === 'object' && value !== null && Object.keys(value).every(isHookName),
  'expected an object whose keys are names of lifecycle hooks, such as "deploy:verify"',
)

/** The fields of a service that are core's. One source for types, validation and the reference in docs. */
export const serviceFields = {
  name: serviceName.describe('Name of the service: of its user, its folders and its units.'),
  root: z.string().default('.').describe("Folder of the sources, relative to the config's. Default: that folder."),
  include: z
    .array(z.string().min(1))
    .default([])
    .describe("Files and folders that travel even where git ignores them, such as a build's output."),
  build: z.string().trim().min(1).optional().describe('Command that runs on the client before files are collected.'),
  runtime: runtime.optional().describe('What `start` runs on. Default: node().'),
  start,
  port: port.optional().describe("Slot a's port; the app listens on $PORT. Without a port the service is a worker."),
  route: route.optional().describe('Path of the gateway under which it answers, with the prefix taken off.'),
  health: z
    .strictObject({
      path: z.string().startsWith('/', 'expected a path that begins with "/"').default('/'),
      within: duration.default(30_000),
      passes: z.int().min(1).max(100).default(3),
      interval: duration.default(100),
    })
    .optional()
    .describe('How a candidate proves itself: GET on this path answers 2xx or 3xx, several times in a row.'),
  overlap: z
    .boolean()
    .optional()
    .describe(
      'false: the old release is stopped before the new one starts. Default: true with a port, false for a worker.',
    ),
  after: z.array(serviceName).default([]).describe('Services that must be live first.'),
  env: z
    .record(variableName, z.union([z.string(), secretReference]))
    .default({})
    .describe('Plain values and secret() references.'),
  drain: duration.default(30_000).describe('How long requests under way may go on after the switch.'),
  keep: z.int().min(2).max(100).default(5).describe('Releases kept on the host.'),
  hooks: hooks.optional().describe('Functions that run at named moments of a deploy, on the host.'),
} as const

/** Keys of plugins pass here, and are checked when the config is resolved: only then it is known which plugins there are. */
export const serviceInput = z.looseObject(serviceFields)

const knownFields = z.strictObject(serviceFields)
export type ServiceInput = Omit<z.input<typeof knownFields>, 'hooks'> & {
  readonly hooks?: ServiceHooks
} & ServiceExtensions

/** One program under management, as its author wrote it. */
export type Service = { readonly kind: 'service'; readonly options: null } & WithCode<ServiceInput>

/** Declares a service. Nothing is checked yet beyond types: the command line reports all mistakes at once, with their places. */
export function defineService(input: ServiceInput): Service {
  return withCode({ kind: 'service', options: null }, input)
}
