import type { Check } from '../../define/plugin.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { Manifest } from '../../protocol/release.ts'
import type { Resource } from '../../protocol/resource.ts'
import type { PlacedService } from '../../protocol/service.ts'
import { type Engine, secretsOf } from '../engine.ts'
import { releaseIdentity } from '../release/identity.ts'
import { coreServiceResources } from '../resources/core-resources.ts'
import { secretsDigest } from '../secrets/digest.ts'
import type { Environment } from '../secrets/environment-file.ts'
import { readRelease } from '../store/stage-release.ts'

/** Where a release comes from: what was just sent, or what was once recorded. Everything after this is one code. */
export interface Source {
  readonly service: PlacedService
  readonly release: string
  readonly files: Manifest
  readonly resources: readonly Resource[]
  readonly secrets: Environment
}

export type PluginCheck = Check & { readonly plugin: string }

async function secretValues(engine: Engine, service: PlacedService): Promise<Environment> {
  const known = await engine.secrets.values(service.name)
  const wanted = secretsOf(service)
  return Object.fromEntries(
    wanted.flatMap(({ secret }): [string, string][] => {
      const value = known[secret]
      return value === undefined ? [] : [[secret, value]]
    }),
  )
}

/** Every secret that has no value, for all services at once. */
export async function requireSecrets(engine: Engine, services: readonly PlacedService[]): Promise<void> {
  const lines: string[] = []
  for (const service of services) {
    const known = await engine.secrets.values(service.name)
    for (const { secret, optional } of secretsOf(service)) {
      if (!optional && known[secret] === undefined) lines.push(`axle env set ${secret} --service ${service.name}`)
    }
  }
  if (lines.length === 0) return
  const names = lines.map((line) => line.split(' ')[3]).join(', ')
  throw new AxleError('AXLE_SECRET_MISSING', `These secrets have no value on the host: ${names}.`, {
    hint: `Set each, its value on standard input:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  })
}

export async function sentSource(
  engine: Engine,
  service: PlacedService,
  files: Manifest,
  contributed: readonly Resource[],
): Promise<Source> {
  const resources = [
    ...coreServiceResources(service),
    ...contributed.filter((one) => one.scope === 'service' && one.service === service.name),
  ]
  const secrets = await secretValues(engine, service)
  const digest = await secretsDigest(engine.host, secrets)
  return {
    service,
    files,
    resources,
    secrets,
    release: releaseIdentity({ files, service, resources, secrets: digest }),
  }
}

/** Replays what was recorded; only secrets' values are today's. */
export async function recordedSource(engine: Engine, placed: PlacedService, release: string): Promise<Source> {
  const record = await readRelease(engine.host, placed.name, release)
  const service: PlacedService = {
    ...record.service,
    project: placed.project,
    ...(placed.ports === undefined || record.service.port === undefined
      ? {}
      : { ports: { a: record.service.port, b: placed.ports.b } }),
  }
  return {
    service,
    release,
    files: record.files,
    resources: record.resources,
    secrets: await secretValues(engine, service),
  }
}

export function hasEarlier(engine: Engine, service: string, live: string | undefined): boolean {
  return engine.state.releases(service).some((row) => row.outcome === 'good' && row.id !== live)
}

/** The release to go back to without being told: the last that served well before the one that serves. */
export function lastGood(engine: Engine, service: string, live: string | undefined): string {
  const found = engine.state.releases(service).find((row) => row.outcome === 'good' && row.id !== live)
  if (found !== undefined) return found.id
  throw new AxleError(
    'AXLE_UNKNOWN',
    `${service} has no earlier release that served well, so there is nothing to roll back to.`,
  )
}
