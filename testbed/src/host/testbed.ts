import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { TestbedError } from '../errors/testbed-error.ts'
import { ensureImage } from '../image/image.ts'
import type { ImageKind } from '../image/recipe.ts'
import { withLock } from '../lock/lock.ts'
import { isAlive, type ProcessId } from '../machine/owner.ts'
import { ensureMachine } from '../machine/requirements.ts'
import { addressOf, freeIndex } from '../network/address.ts'
import { placesOf } from '../places.ts'
import { bootHost } from './boot.ts'
import { killAll, removeGroups } from './cgroup.ts'
import { mountDisk, unmountDisk } from './disk.ts'
import { writeIdentity } from './identity.ts'
import { isUp } from './inside.ts'
import { allRecords, checkName, type HostRecord, readRecord, writeRecord } from './record.ts'

export interface UpOptions {
  readonly image?: ImageKind
  /** The test run to which the host belongs. When it has ended without removing it, sweep() does. */
  readonly owner?: ProcessId
  readonly say?: (line: string) => void
}

const silent = (): void => undefined
const hostLock = (name: string): string => `host-${name}`

/** A running host of this name: made when there is none, booted when it is down. */
export async function up(name: string, options: UpOptions = {}): Promise<HostRecord> {
  checkName(name)
  const { image = 'standard', owner, say = silent } = options
  await ensureMachine(say)
  const { key } = await ensureImage(image, say)
  return withLock(hostLock(name), async () => {
    const found = await readRecord(name)
    if (found !== undefined && found.hostKey !== null) {
      if (found.image !== image) throw otherImage(found, image)
      return isUp(found) ? found : bootHost(found)
    }
    // A record without a host key is of a host whose making was killed.
    if (found !== undefined) await remove(name)
    return make(await reserve({ name, image, imageKey: key, owner: owner ?? null }))
  })
}

/** Boots a host that is down, with the same disk, keys and address. */
export async function boot(name: string): Promise<HostRecord> {
  await ensureMachine(silent)
  return withLock(hostLock(name), async () => {
    const record = await existing(name)
    return isUp(record) ? record : bootHost(record)
  })
}

/** A power cut: everything in the host ends at once, its disk stays. */
export async function kill(name: string): Promise<void> {
  await withLock(hostLock(name), async () => {
    await existing(name)
    await cutPower(name)
  })
}

/** Ends a host and forgets it. Nothing to do when there is none. */
export async function down(name: string): Promise<boolean> {
  checkName(name)
  return withLock(hostLock(name), async () => {
    if ((await readRecord(name)) === undefined) return false
    await remove(name)
    return true
  })
}

/** Removes the hosts of test runs that have ended, and only those. Returns their names. */
export async function sweep(): Promise<string[]> {
  const removed: string[] = []
  for (const { name, owner } of await allRecords()) {
    if (owner !== null && !isAlive(owner) && (await down(name))) removed.push(name)
  }
  return removed
}

/** Removes what one test run still has. */
export async function downAllOf(owner: ProcessId): Promise<void> {
  for (const record of await allRecords()) {
    if (record.owner?.pid === owner.pid && record.owner.startTime === owner.startTime) await down(record.name)
  }
}

export async function existing(name: string): Promise<HostRecord> {
  checkName(name)
  const record = await readRecord(name)
  if (record !== undefined && record.hostKey !== null) return record
  throw new TestbedError(`there is no host ${name}`, {
    why: 'none was made, or it was taken down',
    fix: `npm run testbed -- up ${name}   (npm run testbed -- list shows those that are there)`,
  })
}

/** Takes a free address. The record on disk is the reservation, so it is written under the lock. */
async function reserve(wish: Pick<HostRecord, 'name' | 'image' | 'imageKey' | 'owner'>): Promise<HostRecord> {
  return withLock('addresses', async () => {
    const index = freeIndex(new Set((await allRecords()).map((record) => record.index)))
    const record: HostRecord = {
      version: 1,
      ...wish,
      index,
      address: addressOf(index),
      hostKey: null,
      supervisor: null,
    }
    await writeRecord(record)
    return record
  })
}

async function make(record: HostRecord): Promise<HostRecord> {
  await mountDisk(record)
  return bootHost({ ...record, hostKey: await writeIdentity(record) })
}

async function cutPower(name: string): Promise<void> {
  await killAll(name)
  await removeGroups(name)
  await unmountDisk(name)
}

async function remove(name: string): Promise<void> {
  await cutPower(name)
  const places = placesOf(name)
  // The record goes last: killed half-way, the host is still listed and can be removed again.
  for (const part of [places.disk, places.work, join(places.folder, 'root')])
    await rm(part, { recursive: true, force: true })
  await rm(places.folder, { recursive: true, force: true })
}

function otherImage(found: HostRecord, wanted: ImageKind): TestbedError {
  return new TestbedError(`the host ${found.name} is there already, with the ${found.image} image`, {
    why: `the ${wanted} image was asked for`,
    fix: `npm run testbed -- down ${found.name}, or choose another name`,
  })
}
