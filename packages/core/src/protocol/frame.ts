import { AxleError } from './errors.ts'

/**
 * One frame: 1 byte kind, 4 bytes length (big endian), payload. Kind 0 is a JSON message, kind 1 bytes of the content
 * that the last `blob` message announced. No payload is empty.
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

/**
 * What has come of a piece that is not whole yet. Up to the length of a frame of bytes its room is made at once; beyond,
 * it doubles with what is really there, whatever a header promises. Chunks are not kept: each has a price, and a stream
 * may come byte by byte.
 */
class Partial {
  #room = Buffer.alloc(0)
  length = 0

  add(part: Uint8Array, wanted: number): void {
    const length = this.length + part.length
    if (length > this.#room.length) {
      const larger = Buffer.allocUnsafe(Math.min(wanted, Math.max(MAX_BYTES, length, 2 * this.#room.length)))
      larger.set(this.#room.subarray(0, this.length))
      this.#room = larger
    }
    this.#room.set(part, this.length)
    this.length = length
  }

  take(): Buffer {
    const whole = this.#room.subarray(0, this.length)
    this.#room = Buffer.alloc(0)
    this.length = 0
    return whole
  }
}

/** Frames of a byte stream, as they become complete. A stream that ends inside a frame, or is no stream of frames, throws. */
export async function* decodeFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  const partial = new Partial()
  let wanted = HEADER
  let kind: number | undefined
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + wanted - partial.length)
      at += part.length
      const whole = partial.length === 0 && part.length === wanted
      if (!whole) partial.add(part, wanted)
      if (!whole && partial.length < wanted) continue
      const piece = whole ? Buffer.from(part.buffer, part.byteOffset, part.length) : partial.take()
      if (kind === undefined) {
        kind = piece.readUInt8(0)
        wanted = payloadLength(kind, piece.readUInt32BE(1))
      } else {
        yield kind === FRAME.bytes ? { kind: 'bytes', bytes: piece } : { kind: 'message', message: parse(piece) }
        kind = undefined
        wanted = HEADER
      }
    }
  }
  if (partial.length > 0 || kind !== undefined) throw wrong('half a frame, then nothing')
}

function payloadLength(kind: number, length: number): number {
  if (kind !== FRAME.message && kind !== FRAME.bytes) throw wrong(`something that is no frame (first byte ${kind})`)
  const most = kind === FRAME.message ? MAX_MESSAGE : MAX_BYTES
  if (length > most) throw wrong(`a frame of ${length} bytes (at most ${most})`)
  if (length === 0) throw wrong('an empty frame')
  return length
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    throw wrong('a message that is not JSON')
  }
}
