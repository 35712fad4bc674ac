import { createHash } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { AxleError } from '../../protocol/errors.ts'

/** Up to here a content is held in memory until it is whole, and written in one go. */
const SMALL = 64 * 1024
const MODE = 0o644

/** Writes a content to a new file, if it is what it is said to be. The folder is closed to all but root. */
export async function writeChecked(
  path: string,
  sha256: string,
  size: number,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const checked = check(sha256, size, chunks)
  if (size <= SMALL) {
    const parts: Uint8Array[] = []
    for await (const chunk of checked) parts.push(chunk)
    // In this thread: for 20,000 small files the ways to another and back take longer than the writes.
    writeFileSync(path, Buffer.concat(parts), { flag: 'wx', mode: 0o600 })
    chmodSync(path, MODE)
    return
  }
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of checked) {
      // Not write(): that may stop half-way.
      await file.writeFile(chunk)
    }
    // Not by open(): the umask takes from it.
    await file.chmod(MODE)
  } finally {
    await file.close()
  }
}

async function* check(sha256: string, size: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let received = 0
  for await (const chunk of chunks) {
    received += chunk.length
    if (received > size) break
    hash.update(chunk)
    yield chunk
  }
  if (received === size && hash.digest('hex') === sha256) return
  throw new AxleError('AXLE_WIRE', `A file of the release arrived damaged (${sha256.slice(0, 12)})`, {
    hint: 'Deploy again.',
  })
}
