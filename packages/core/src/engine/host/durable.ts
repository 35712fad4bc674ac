import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A name nobody else uses, hidden, and without a suffix that nginx, cron or systemd would take for one of theirs. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 200)}.axle-${randomBytes(6).toString('hex')}`)
}

/** What was renamed, made or removed in a folder survives a power cut only after this. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export interface Attributes {
  readonly mode: number
  readonly uid?: number | undefined
  readonly gid?: number | undefined
}

/** The file is there whole with its owner and mode, or as it was. */
export async function writeDurably(path: string, content: string | Uint8Array, attributes: Attributes): Promise<void> {
  const temporary = temporaryName(path)
  try {
    // Nobody else may read it before it has its owner.
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      const { mode, uid, gid } = attributes
      // -1 leaves as it is. The owner first: chown(2) clears setuid and setgid.
      if (uid !== undefined || gid !== undefined) await handle.chown(uid ?? -1, gid ?? -1)
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}

/** symlink(2) never replaces; rename(2) does, in one step. */
export async function linkDurably(path: string, target: string): Promise<void> {
  const temporary = temporaryName(path)
  await symlink(target, temporary)
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}
