import { HOST_STATE } from '../../protocol/layout.ts'
import type { LocalHost } from '../host/local-host.ts'
import { waitForLock } from './lock.ts'

/** Longer than any project holds it: nginx may take 10 s to reload (milliseconds). */
const WITHIN = 60_000

/** Held for the short time in which something is changed that all projects of a host share. Not re-entrant. */
export async function withHostLock<T>(host: LocalHost, what: string, work: () => Promise<T>): Promise<T> {
  await host.makeDirectory(HOST_STATE, { mode: '755' })
  const actor = { user: 'axle', host: host.facts.hostname }
  const details = { operation: what, what, since: new Date().toISOString(), pid: process.pid, actor }
  const lock = await waitForLock(host.path(`${HOST_STATE}/lock.db`), details, WITHIN)
  try {
    return await work()
  } finally {
    lock.release()
  }
}
