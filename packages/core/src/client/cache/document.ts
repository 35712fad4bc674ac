import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Cached JSON, as whoever reads it checks it. What is not there, or is not JSON, is `undefined`. */
export async function readCached(file: string): Promise<unknown> {
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
