import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { AxleError } from '../../protocol/errors.ts'
import { encodeBytes, encodeMessage } from '../../protocol/frame.ts'
import type { FromViewer } from '../../protocol/wire.ts'
import type { Content } from './collect.ts'
import { breathe } from './hash.ts'

export type Wanted = Content & { readonly sha256: string }

/** A write of many small frames is one packet on the wire, and one call of everything below, instead of three for each file. */
const TOGETHER = 64 * 1024
const CHUNK = 256 * 1024

/** The contents as frames, in writes of a fair size; never more of a file in memory than a chunk. */
export async function* contentFrames(
  wanted: Iterable<Wanted>,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const part of parts(wanted, onBytes)) {
    held.push(part)
    size += part.length
    if (size < TOGETHER) continue
    yield held.length === 1 ? part : Buffer.concat(held, size)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held, size)
}

async function* parts(wanted: Iterable<Wanted>, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for (const one of wanted) {
    const { sha256, size, path } = one
    yield encodeMessage({ t: 'blob', sha256, size } satisfies FromViewer)
    let left = size
    for await (const chunk of chunksOf(one)) {
      left -= chunk.length
      if (left < 0) break
      yield* encodeBytes(chunk)
      onBytes(chunk.length)
    }
    if (left !== 0)
      throw new AxleError('AXLE_FILES', `${path} changed while it was being sent.`, {
        where: path,
        hint: 'Deploy again once nothing writes to it.',
      })
  }
}

async function* chunksOf({ path, size }: Wanted): AsyncGenerator<Uint8Array> {
  if (size < TOGETHER) {
    yield readFileSync(path)
    await breathe()
    return
  }
  const file = await open(path)
  try {
    for (;;) {
      // A buffer of its own for each: what is written may be on its way for long.
      const buffer = Buffer.allocUnsafe(CHUNK)
      const { bytesRead } = await file.read(buffer, 0, CHUNK)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
