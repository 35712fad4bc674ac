import type * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { AXLE, project as projectAt } from '../../protocol/layout.ts'
import { deployedServices, SERVICES_FILE } from '../host/facts.ts'
import type { DeployedService, Logger } from '../host/host.ts'
import type { LocalHost } from '../host/local-host.ts'
import { setAside } from '../host/set-aside.ts'
import { lookIntoState } from '../state/look-into-state.ts'
import { CLAIMS, type Claims, claimsDocument, withClaim } from './claims.ts'
import { deployedThere } from './deployed-there.ts'
import { readDocument, writeDocument } from './document.ts'
import { readOldDocuments } from './old-documents.ts'
import { PORTS, type PortsDocument, portsDocument } from './services.ts'

/**
 * What projects share is written down in three files, and each can be found again on the host: before an operation, one
 * that is damaged is set aside and written anew, and so is one that somebody took away. The host lock is held.
 */
export async function mendRegistry(host: LocalHost, log: Logger): Promise<void> {
  const state = { damaged: await damaged(host), log, host }
  if (state.damaged.length === 0) return
  const old = await readOldDocuments(host)
  const deployed = await deployedThere(host, old.services)
  if (deployed.length === 0 && state.damaged.every(({ missing }) => missing)) return
  const services = Object.fromEntries(deployed.map((one) => [one.name, one]))
  const rebuilt: Readonly<Record<string, () => Promise<unknown>>> = {
    [SERVICES_FILE]: async () => ({ v: 1, services }),
    [PORTS]: async () => ({ v: 1, services: placesOf(deployed) }),
    [CLAIMS]: () => claimsThere(host, old.claims),
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

function placesOf(deployed: readonly DeployedService[]): PortsDocument['services'] {
  return Object.fromEntries(deployed.map(({ name, ...place }) => [name, place]))
}

/** Each project's own state says what it holds of what is shared; where it cannot be read, what was written down does. */
async function claimsThere(host: LocalHost, old: Claims['claims']): Promise<Claims> {
  let claims: Claims = { v: 1, claims: {} }
  for (const project of await host.list(`${AXLE}/projects`)) {
    if ((await host.stat(projectAt.state(project))) === undefined) continue
    const glance = lookIntoState(host.path(projectAt.state(project)))
    for (const resource of glance?.shared ?? []) claims = withClaim(claims, resource, project, '0.0.0')
    if (glance === undefined) claims = withOldClaims(claims, old, project)
  }
  return claims
}

function withOldClaims(claims: Claims, old: Claims['claims'], project: string): Claims {
  const next = { ...claims.claims }
  for (const [key, held] of Object.entries(old)) {
    if (!held.projects.includes(project)) continue
    const projects = [...new Set([...(next[key]?.projects ?? []), project])].sort()
    next[key] = { ...(next[key] ?? held), projects }
  }
  return { v: 1, claims: next }
}
