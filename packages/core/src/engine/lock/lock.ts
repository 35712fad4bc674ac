import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { actor } from '../../protocol/events.ts'
import type { WaitingFor } from '../../protocol/wire.ts'

const holder = z.object({ operation: z.string(), what: z.string(), since: z.string(), pid: z.int(), actor })
/** Who holds a lock. Only informative: what locks is the kernel. */
export type Holder = z.output<typeof holder>

export interface Lock {
  release(): void
}

/** How long somebody who only looks whether it is held can be in the way, at most (milliseconds). */
const LOOKERS = 500

/** What the last who took it said: whether it is held still, they do not say. */
export function lockDetails(file: string): Holder | undefined {
  try {
    return holder.parse(JSON.parse(readFileSync(`${file}.json`, 'utf8')))
  } catch {
    return undefined
  }
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && /database is locked|SQLITE_BUSY/.test(thrown.message)
}

/**
 * An exclusive transaction on a SQLite file: the kernel drops its locks with the process, however that ends.
 * Returns `undefined` where somebody else holds it.
 */
export function tryLock(file: string, details: Holder): Lock | undefined {
  // Closed to everybody else: whoever may read the file could hold a lock on it. The wait is for those who only look.
  closeSync(openSync(file, 'a', 0o600))
  const database = new DatabaseSync(file, { timeout: LOOKERS })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (thrown) {
    database.close()
    if (isBusy(thrown)) return undefined
    throw thrown
  }
  writeFileSync(`${file}.json`, `${JSON.stringify(details)}\n`)
  return {
    release: () => {
      database.exec('ROLLBACK')
      database.close()
    },
  }
}

/** Who holds it now, or `undefined` where it is free. */
export function lockHolder(file: string): Holder | 'unknown' | undefined {
  if (!existsSync(file)) return undefined
  let database: DatabaseSync
  try {
    database = new DatabaseSync(file, { timeout: 0 })
  } catch {
    return undefined
  }
  try {
    database.exec('BEGIN EXCLUSIVE')
    database.exec('ROLLBACK')
    return undefined
  } catch (thrown) {
    if (isBusy(thrown)) return lockDetails(file) ?? 'unknown'
    throw thrown
  } finally {
    database.close()
  }
}

/** `held` without an operation: it stands in the queue. */
export function lockedError(held: WaitingFor | 'unknown'): AxleError {
  if (held === 'unknown') return new AxleError('AXLE_LOCKED', 'Another operation is under way.')
  const { user, host } = held.actor
  const state = held.operation === undefined ? 'is next' : 'is under way'
  const id = held.operation === undefined ? '' : ` (${held.operation})`
  return new AxleError('AXLE_LOCKED', `A ${held.what} of ${user}@${host} ${state} since ${held.since}${id}.`)
}

/** Waits for a lock that is only ever held for moments, such as the host's. */
export async function waitForLock(file: string, details: Holder, within: number): Promise<Lock> {
  const end = performance.now() + within
  for (;;) {
    const lock = tryLock(file, details)
    if (lock !== undefined) return lock
    if (performance.now() > end) throw lockedError(lockHolder(file) ?? 'unknown')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
