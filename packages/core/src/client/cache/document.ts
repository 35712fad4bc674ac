import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Whether a cached file is what this user wrote: nobody else owns it or may write to it. */
export async function isOurs(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  const own = process.getuid?.()
  return found !== undefined && (own === undefined || (found.uid === own && (found.mode & 0o022) === 0))
}

/** Cached JSON, as whoever reads it checks it. What is not there, or is not JSON, is `undefined`,
 * and so is what somebody else may have written. */
export async function readCached(file: string): Promise<unknown> {
  if (!(await isOurs(file))) return undefined
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Whole or not at all. A cache that cannot be written costs time, no more. */
export async function writeCached(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(temporary, content, { mode: 0o600 })
    await rename(temporary, file)
  } catch {
    // See above.
  }
}
