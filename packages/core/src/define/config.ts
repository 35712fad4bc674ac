import * as z from 'zod'
import { hasCode, type WithCode, withCode } from './behaviour.ts'
import { domainName, projectName } from './names.ts'
import type { Plugin } from './plugin.ts'
import type { Service } from './service.ts'

const HOST = /^(?:[a-z_][a-z0-9_-]*\$?@)?(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/

/** `user@host:port`; user and port may be left out. */
export const hostAddress = z.string().regex(HOST, 'expected "user@host", "host" or "user@host:port"')

type Falsy = false | null | undefined
/** Falsy and nested entries are fine: `[systemd(), production && certbot(), recommended()]`. */
export type PluginList = readonly (Plugin | Falsy | PluginList)[]

export const hostFields = z.strictObject({
  address: hostAddress,
  /** `SHA256:…` of the host's key, as ssh-keygen -lf prints it. */
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'expected a fingerprint such as "SHA256:…"')
    .optional(),
  /** Path of a private key, relative to the config. */
  identity: z.string().optional(),
})

const host = z.union([hostAddress, hostFields])
export type HostInput = z.input<typeof host>

function isService(value: unknown): value is Service {
  return hasCode(value) && value.kind === 'service'
}

export const configFields = {
  project: projectName.optional().describe("Name of the project. Default: package.json's name."),
  host: host.optional().describe('Short for one of `hosts`.'),
  hosts: z.array(host).min(1).optional(),
  gateway: z
    .strictObject({ domain: domainName.optional().describe("Without one, the gateway is port 80's default server.") })
    .default({}),
  services: z
    .array(z.custom<Service>(isService, 'expected what defineService() returns'))
    .min(1, 'expected at least one defineService({ … })'),
  plugins: z.custom<PluginList>(Array.isArray, 'expected a list of plugins').default([]),
} as const

export const configInput = z.strictObject(configFields)
export type ConfigInput = z.input<typeof configInput>

export type Config = { readonly kind: 'config'; readonly options: null } & WithCode<ConfigInput>

/** Declares a project: its hosts, gateway, services and plugins. The default export of `axle.config.ts`. */
export function defineConfig(input: ConfigInput): Config {
  return withCode({ kind: 'config', options: null }, input)
}

export function isConfig(value: unknown): value is Config {
  return hasCode(value) && value.kind === 'config'
}

export { isService }

/** The plugins of a list in their order, without what is falsy. */
export function flattenPlugins(list: PluginList): readonly Plugin[] {
  return list.flatMap((entry) => {
    if (entry === false || entry === null || entry === undefined) return []
    return isPluginList(entry) ? flattenPlugins(entry) : [entry]
  })
}

function isPluginList(entry: Plugin | PluginList): entry is PluginList {
  return Array.isArray(entry)
}
