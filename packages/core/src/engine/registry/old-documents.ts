import * as z from 'zod'
import { deployedService, SERVICES_FILE } from '../host/facts.ts'
import type { DeployedService, Host } from '../host/host.ts'
import { CLAIMS, type Claims, claim } from './claims.ts'
import { PORTS, placeEntry } from './services.ts'

/** What can still be read of the shared files, entry by entry, though one of them as a whole is damaged. */
export interface OldDocuments {
  readonly services: ReadonlyMap<string, DeployedService>
  readonly claims: Claims['claims']
}

const servicesLike = z.object({ services: z.record(z.string(), z.unknown()) })
const claimsLike = z.object({ claims: z.record(z.string(), z.unknown()) })

export async function readOldDocuments(host: Pick<Host, 'read'>): Promise<OldDocuments> {
  const places = entriesOf(placeEntry, servicesLike.safeParse(await json(host, PORTS)).data?.services)
  const deployed = entriesOf(deployedService, servicesLike.safeParse(await json(host, SERVICES_FILE)).data?.services)
  const claims = entriesOf(claim, claimsLike.safeParse(await json(host, CLAIMS)).data?.claims)
  return {
    services: new Map([...places.map(([name, place]) => [name, { name, ...place }] as const), ...deployed]),
    claims: Object.fromEntries(claims),
  }
}

function entriesOf<T>(schema: z.ZodType<T>, found: Readonly<Record<string, unknown>> = {}): readonly [string, T][] {
  return Object.entries(found).flatMap(([name, raw]): [string, T][] => {
    const entry = schema.safeParse(raw)
    return entry.success ? [[name, entry.data]] : []
  })
}

async function json(host: Pick<Host, 'read'>, path: string): Promise<unknown> {
  try {
    return JSON.parse((await host.read(path)) ?? '')
  } catch {
    return undefined
  }
}
