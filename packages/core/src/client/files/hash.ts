import { createHash, hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'

export interface Hashed {
  readonly sha256: string
  readonly size: number
}

const SMALL = 128 * 1024
const CHUNK = 512 * 1024
/** Milliseconds that other things of this process, such as a handshake, may have to wait. */
const PATIENCE = 8

const room = Buffer.allocUnsafe(SMALL)
let breathed = 0

/**
 * Of a file that may be larger than memory. A small one is read at once and without a thread of its own: a stream for each
 * of 20,000 files takes five times as long.
 */
export async function hashFile(path: string): Promise<Hashed> {
  const small = hashSmall(path)
  await breathe()
  return small ?? hashLarge(path)
}

function hashSmall(path: string): Hashed | undefined {
  const file = openSync(path, 'r')
  try {
    let size = 0
    while (size < SMALL) {
      const length = readSync(file, room, size, SMALL - size, null)
      if (length === 0) return { sha256: hash('sha256', room.subarray(0, size), 'hex'), size }
      size += length
    }
    return undefined
  } finally {
    closeSync(file)
  }
}

async function hashLarge(path: string): Promise<Hashed> {
  const digest = createHash('sha256')
  const buffer = Buffer.allocUnsafe(CHUNK)
  const file = await open(path)
  try {
    let size = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK)
      if (bytesRead === 0) return { sha256: digest.digest('hex'), size }
      digest.update(buffer.subarray(0, bytesRead))
      size += bytesRead
    }
  } finally {
    await file.close()
  }
}

/** Between pieces of work that block. */
export async function breathe(): Promise<void> {
  if (performance.now() - breathed < PATIENCE) return
  await new Promise((resolve) => setImmediate(resolve))
  breathed = performance.now()
}

/** Maps with at most `limit` under way at once, in order. */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
