import { readFile } from 'node:fs/promises'
import { project as at } from '../../protocol/layout.ts'
import type { Background } from '../background/background.ts'
import type { LocalHost } from '../host/local-host.ts'
import { lockDetails } from '../lock/lock.ts'

export interface RunningOperation {
  readonly project: string
  readonly operation: string
  readonly unit: string
}

/**
 * Whether an operation's engine lives. The lock names its process, and that names the operation among its words: two
 * small files to read, where asking systemd is a process for each viewer. systemd is asked where they do not say.
 */
export async function operationAlive(
  host: LocalHost,
  background: Background,
  { project, operation, unit }: RunningOperation,
): Promise<boolean> {
  const details = lockDetails(host.path(at.lock(project)))
  if (details?.operation === operation) {
    const words = await readFile(`/proc/${details.pid}/cmdline`, 'utf8').catch(() => '')
    if (words.split('\0').includes(operation)) return true
  }
  return background.active(unit)
}
