import { dirname, isAbsolute, resolve as resolvePath } from 'node:path'
import type * as z from 'zod'
import { configFields, configInput, flattenPlugins } from '../../define/config.ts'
import type { Plugin } from '../../define/plugin.ts'
import type { ResolvedConfig } from '../../protocol/service.ts'
import { type HostTarget, resolveHosts } from './hosts.ts'
import { Issues } from './issues.ts'
import type { LoadedConfig } from './load.ts'
import { checkPlugins } from './plugins.ts'
import { checkProject } from './project.ts'
import { type Fix, resolveService, type ServiceSource } from './service.ts'
import { checkTogether } from './together.ts'

export interface Resolved {
  readonly config: ResolvedConfig
  /** By service: what of it stays on this machine. */
  readonly sources: ReadonlyMap<string, ServiceSource>
  readonly hosts: readonly HostTarget[]
  readonly plugins: readonly Plugin[]
}

export interface Surroundings {
  /** Version of core. */
  readonly version: string
  /** Name in the nearest package.json. */
  readonly packageName: string | undefined
  readonly fix: Fix
}

/** From what was written to what is shipped: every default filled in, every mistake named at once. Reads nothing itself. */
export async function resolveConfig(loaded: LoadedConfig, around: Surroundings): Promise<Resolved> {
  const issues = new Issues()
  const folder = dirname(loaded.file)
  const parsed = configInput.safeParse(loaded.input)
  if (!parsed.success) issues.addZod([], parsed.error, Object.keys(configFields), loaded.input)
  // What is wrong at the top must not hide what is wrong in the services: these are looked at as they were written.
  const given = configInput
    .partial()
    .safeParse(pick(loaded.input, parsed.success ? [] : brokenKeys(parsed.error.issues)))
  const input = given.success ? given.data : {}

  const plugins = flattenPlugins(input.plugins ?? [])
  checkPlugins(plugins, around.version, issues)
  const services = []
  for (const [index, service] of (input.services ?? []).entries()) {
    services.push(await resolveService(service, { index, folder, plugins, fix: around.fix, issues }))
  }
  checkTogether(
    services.map((one) => one?.resolved),
    issues,
  )
  const hosts = resolveHosts(input, issues).map((host) =>
    host.identity === undefined || isAbsolute(host.identity) || host.identity.startsWith('~/')
      ? host
      : { ...host, identity: resolvePath(folder, host.identity) },
  )
  const project = checkProject(input.project, around.packageName, issues)
  issues.throwIfAny(loaded.file)

  const whole = services.filter((one) => one !== undefined)
  return {
    config: {
      v: 1,
      axle: around.version,
      project,
      gateway: input.gateway?.domain === undefined ? {} : { domain: input.gateway.domain },
      services: whole.map((one) => one.resolved),
      plugins: plugins.map(({ kind, options }) => ({ kind, options })),
    },
    sources: new Map(whole.map((one) => [one.resolved.name, one.source])),
    hosts,
    plugins,
  }
}

function brokenKeys(issues: readonly z.core.$ZodIssue[]): readonly PropertyKey[] {
  return issues.flatMap((issue): readonly PropertyKey[] =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1),
  )
}

function pick(value: object, without: readonly PropertyKey[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !without.includes(key)))
}
