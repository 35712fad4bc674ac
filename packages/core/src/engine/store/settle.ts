import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncDirectory } from '../host/durable.ts'
import type { LocalHost } from '../host/local-host.ts'
import { each } from './each.ts'

/** A content under a name of no meaning, and where it belongs. */
export interface Written {
  readonly temporary: string
  readonly path: string
}

const AT_ONCE = 16
/**
 * More files than this are brought to the disk by one syncfs(2), which writes out everything else on that file system
 * too; fewer by an fsync each. An fsync for each of 20,000 takes half a minute.
 */
const FEW = 32

/** Contents get their names once they are on the disk, and their names are on the disk when this returns. */
export async function settle(host: LocalHost, written: readonly Written[]): Promise<void> {
  try {
    const [first] = written
    if (first !== undefined && written.length > FEW) await host.run(['sync', '-f', first.temporary], SYNC)
    else await each(written, AT_ONCE, ({ temporary }) => syncFile(temporary))
    await each(written, AT_ONCE, ({ temporary, path }) => rename(temporary, path))
    await each(new Set(written.map(({ path }) => dirname(path))), AT_ONCE, syncDirectory)
  } catch (error) {
    await each(written, AT_ONCE, ({ temporary }) => rm(temporary, { force: true }))
    throw error
  }
}

/** A slow disk with much to write is no fault. */
const SYNC = { within: 600_000 }

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
