import { service as at, type SlotName } from '../../protocol/layout.ts'
import { type ReleaseRecord, releaseId } from '../../protocol/release.ts'
import { closeResource, type Resource, resource } from '../../protocol/resource.ts'
import type { PlacedService } from '../../protocol/service.ts'
import type { LocalHost } from '../host/local-host.ts'
import type { Claims } from '../registry/claims.ts'
import { flagSlot, occupant, otherSlot } from '../release/live.ts'
import { readRelease } from '../store/stage-release.ts'
import type { State } from './state.ts'

export interface Remains {
  readonly host: LocalHost
  readonly project: string
  readonly services: readonly PlacedService[]
  readonly claims: Claims
  /** Engine that will own what is found. */
  readonly engine: string
}

/**
 * An empty state, filled from what is on the host: releases and what came with them from their records, what is shared
 * from the claims. The history of operations, and what plugins made for the project as such, are nowhere else.
 */
export async function rebuildState(state: State, { host, project, services, claims, engine }: Remains): Promise<void> {
  for (const service of services) {
    const records = await recordsOf(host, service.name)
    for (const { id, operation, createdAt } of records.values()) {
      state.staged(service.name, id, operation, createdAt)
      // One that never served was taken away again: what is there has served.
      state.served(service.name, id, createdAt)
    }
    const live = await flagSlot(host, service.name)
    // The live slot's last: what both slots share is as the live release wants it.
    for (const slot of [otherSlot(live), live]) {
      const held = await occupant(host, service.name, slot)
      const record = held === undefined ? undefined : records.get(held)
      if (record === undefined) continue
      for (const one of closed(record, slot, service)) state.own(one, engine)
      if (slot === live) state.served(service.name, record.id, new Date().toISOString())
    }
  }
  for (const [key, claim] of Object.entries(claims.claims)) {
    if (!claim.projects.includes(project)) continue
    const [kind = '', ...id] = key.split(':')
    const { inputs, spec } = claim
    state.own(resource.parse({ kind, id: id.join(':'), scope: 'host', phase: 'switch', spec, inputs }), engine)
  }
}

function closed(record: ReleaseRecord, slot: SlotName, { ports }: PlacedService): readonly Resource[] {
  const port = slot === 'a' ? record.service.port : ports?.b
  return record.resources.map((one) => closeResource(one, { slot, port, release: record.id }))
}

async function recordsOf(host: LocalHost, service: string): Promise<ReadonlyMap<string, ReleaseRecord>> {
  const found = new Map<string, ReleaseRecord>()
  for (const id of await host.list(at.releases(service))) {
    if (!releaseId.safeParse(id).success) continue
    // A release without a readable record can be neither served nor gone back to.
    const record = await readRelease(host, service, id).catch(() => undefined)
    if (record !== undefined) found.set(id, record)
  }
  return found
}
