import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { TestbedError } from '../errors/testbed-error.ts'
import { lockFolder } from '../places.ts'

/**
 * Runs `work` while no other process on this machine holds the lock `name`.
 *
 * The lock is the kernel's (flock) and held by a child that lives until its stdin closes. So it goes with
 * us however we end, kill -9 included, and there are no stale lock files to reason about.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  await mkdir(lockFolder, { recursive: true })
  const file = join(lockFolder, `${name}.lock`)
  // Detached: a Ctrl-C goes to the whole foreground group and would end the holder before us.
  const holder = execa('flock', ['--exclusive', file, 'sh', '-c', 'echo held; exec cat'], {
    buffer: false,
    cleanup: false,
    detached: true,
    reject: false,
  })
  const held = await Promise.race([once(holder.stdout, 'data').then(() => true), holder.then(() => false)])
  if (!held) {
    throw new TestbedError(`cannot lock ${file}`, {
      why: 'flock ended before it had the lock',
      fix: `check that ${lockFolder} is writable and that util-linux is installed`,
    })
  }
  try {
    return await work()
  } finally {
    holder.stdin.end()
    await holder
  }
}
