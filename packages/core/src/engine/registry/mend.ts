import type * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { AXLE, service as at, project as projectAt } from '../../protocol/layout.ts'
import type { ResolvedConfig } from '../../protocol/service.ts'
import { deployedServices, SERVICES_FILE } from '../host/facts.ts'
import type { DeployedService, Logger } from '../host/host.ts'
import type { LocalHost } from '../host/local-host.ts'
import { setAside } from '../host/set-aside.ts'
import { flagSlot, occupant } from '../release/live.ts'
import { ProjectFiles } from '../serve/project-files.ts'
import { isDamaged } from '../state/open-state.ts'
import { State } from '../state/state.ts'
import { readRelease } from '../store/stage-release.ts'
import { CLAIMS, type Claims, claimsDocument, withClaim } from './claims.ts'
import { readDocument, writeDocument } from './document.ts'
import { PORTS, type PortsDocument, portOf, portsDocument } from './services.ts'

/**
 * What projects share is written down in three files, and each can be found again on the host: before an operation, one
 * that is damaged is set aside and written anew, and so is one that somebody took away. The host lock is held.
 */
export async function mendRegistry(host: LocalHost, log: Logger): Promise<void> {
  const state = { damaged: await damaged(host), log, host }
  if (state.damaged.length === 0) return
  const deployed = await deployedThere(host)
  if (deployed.length === 0 && state.damaged.every(({ missing }) => missing)) return
  const services = Object.fromEntries(deployed.map((one) => [one.name, one]))
  const rebuilt: Readonly<Record<string, () => Promise<unknown>>> = {
    [SERVICES_FILE]: async () => ({ v: 1, services }),
    [PORTS]: async () => ({ v: 1, services: placesOf(deployed) }),
    [CLAIMS]: () => claimsThere(host),
  }
  for (const { path, missing } of state.damaged) {
    const aside = missing ? undefined : await setAside(host, path)
    await writeDocument(host, path, await rebuilt[path]?.())
    const kept = aside === undefined ? '' : ` The old one is kept as ${aside}.`
    log.warning(
      `${path} ${missing ? 'was gone' : 'could not be read'}: it was rebuilt from what is on the host.${kept}`,
    )
  }
}

async function damaged(host: LocalHost): Promise<readonly { path: string; missing: boolean }[]> {
  const looked = await Promise.all([
    look(host, SERVICES_FILE, deployedServices),
    look(host, PORTS, portsDocument),
    look(host, CLAIMS, claimsDocument),
  ])
  return looked.flatMap((one) => one ?? [])
}

async function look(host: LocalHost, path: string, schema: z.ZodType) {
  if ((await host.stat(path)) === undefined) return { path, missing: true }
  try {
    await readDocument(host, path, schema, undefined)
    return undefined
  } catch (thrown) {
    if (thrown instanceof AxleError && thrown.code === 'AXLE_STATE') return { path, missing: false }
    throw thrown
  }
}

/** Services of every project that have a release in their live slot, by what the projects were last told. */
async function deployedThere(host: LocalHost): Promise<readonly DeployedService[]> {
  const found: DeployedService[] = []
  for (const project of await host.list(`${AXLE}/projects`)) {
    const config = await lastConfig(host, project)
    for (const { name } of config?.services ?? []) {
      if ((await host.stat(at.current(name))) === undefined) continue
      const held = await occupant(host, name, await flagSlot(host, name))
      const record = held === undefined ? undefined : await readRelease(host, name, held).catch(() => undefined)
      if (record === undefined) continue
      const { port, route } = record.service
      const b = port === undefined ? undefined : await portOfSlotB(host, name, new Set(found.flatMap(portsOf)))
      found.push({
        name,
        project,
        ...(config?.gateway.domain === undefined ? {} : { domain: config.gateway.domain }),
        ...(route === undefined ? {} : { route }),
        ...(port === undefined || b === undefined ? {} : { ports: { a: port, b } }),
      })
    }
  }
  return found
}

const portsOf = ({ ports }: DeployedService): readonly number[] => (ports === undefined ? [] : [ports.a, ports.b])

/** A project that was only ever planned has none. */
async function lastConfig(host: LocalHost, project: string): Promise<ResolvedConfig | undefined> {
  if ((await host.stat(projectAt.run(project))) === undefined) return undefined
  const files = new ProjectFiles(host, project)
  try {
    return await files.readConfig((await files.readLatest()).config)
  } catch {
    return undefined
  }
}

/** As its environment file says; where slot b was never used, the port that it would be given. */
async function portOfSlotB(host: LocalHost, name: string, taken: ReadonlySet<number>): Promise<number> {
  const port = /^PORT="?(\d+)"?$/m.exec((await host.read(at.slotEnv(name, 'b'))) ?? '')?.[1]
  return port === undefined ? portOf(taken, name) : Number(port)
}

function placesOf(deployed: readonly DeployedService[]): PortsDocument['services'] {
  return Object.fromEntries(deployed.map(({ name, ...place }) => [name, place]))
}

/** Each project's own state says what it holds of what is shared. */
async function claimsThere(host: LocalHost): Promise<Claims> {
  let claims: Claims = { v: 1, claims: {} }
  for (const project of await host.list(`${AXLE}/projects`)) {
    if ((await host.stat(projectAt.state(project))) === undefined) continue
    let state: State
    try {
      state = new State(host.path(projectAt.state(project)))
    } catch (thrown) {
      // Lost too: the project's next deploy claims again what it wants.
      if (isDamaged(thrown)) continue
      throw thrown
    }
    try {
      for (const { resource } of state.owned()) {
        if (resource.scope === 'host') claims = withClaim(claims, resource, project, '0.0.0')
      }
    } finally {
      state.close()
    }
  }
  return claims
}
