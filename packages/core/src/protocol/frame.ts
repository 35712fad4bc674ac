import { AxleError } from './errors.ts'

/**
 * One frame: 1 byte kind, 4 bytes length (big endian), payload. Kind 0 is a JSON message, kind 1 bytes of the content
 * that the last `blob` message announced.
 */
export const FRAME = { message: 0, bytes: 1 } as const

/** A manifest of 100,000 files is about 15 MB; anything longer is not ours. */
export const MAX_MESSAGE = 64 * 1024 * 1024
export const MAX_BYTES = 1024 * 1024
const HEADER = 5

export type Frame =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

function header(kind: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER)
  bytes.writeUInt8(kind, 0)
  bytes.writeUInt32BE(length, 1)
  return bytes
}

export function encodeMessage(message: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(message), 'utf8')
  return Buffer.concat([header(FRAME.message, payload.length), payload])
}

/** Splits what is longer than a frame may be. */
export function* encodeBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += MAX_BYTES) {
    const part = bytes.subarray(at, at + MAX_BYTES)
    yield header(FRAME.bytes, part.length)
    yield part
  }
}

function wrong(what: string): AxleError {
  return new AxleError('AXLE_WIRE', `The other side sent ${what}.`)
}

/** Frames of a byte stream, as they become complete. A stream that ends inside a frame, or is no stream of frames, throws. */
export async function* decodeFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let parts: Uint8Array[] = []
  let held = 0
  let wanted = HEADER
  let kind: number | undefined
  for await (const chunk of source) {
    parts.push(chunk)
    held += chunk.length
    while (held >= wanted) {
      const all =
        parts.length === 1 && parts[0] !== undefined
          ? Buffer.from(parts[0].buffer, parts[0].byteOffset, held)
          : Buffer.concat(parts, held)
      const piece = all.subarray(0, wanted)
      const rest = all.subarray(wanted)
      parts = rest.length > 0 ? [rest] : []
      held = rest.length
      if (kind === undefined) {
        kind = piece.readUInt8(0)
        wanted = piece.readUInt32BE(1)
        if (kind !== FRAME.message && kind !== FRAME.bytes)
          throw wrong(`something that is no frame (first byte ${kind})`)
        const most = kind === FRAME.message ? MAX_MESSAGE : MAX_BYTES
        if (wanted > most) throw wrong(`a frame of ${wanted} bytes (at most ${most})`)
      } else {
        yield kind === FRAME.bytes ? { kind: 'bytes', bytes: piece } : { kind: 'message', message: parse(piece) }
        kind = undefined
        wanted = HEADER
      }
    }
  }
  if (held > 0 || kind !== undefined) throw wrong('half a frame, then nothing')
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch {
    throw wrong('a message that is not JSON')
  }
}
