import type { ViewerIo } from '../engine/serve/io.ts'
import { AxleError } from '../protocol/errors.ts'
import type { Frame } from '../protocol/frame.ts'
import { readMessage } from '../protocol/read-message.ts'
import { type FromViewer, fromViewer } from '../protocol/wire.ts'

export const SAID = "The viewer's message"

/** Contents as the viewer sends them, up to its `sent`. */
export async function* blobsOf(
  frames: AsyncGenerator<Frame>,
): ReturnType<ViewerIo['blobs']> extends AsyncIterable<infer B> ? AsyncGenerator<B> : never {
  for (;;) {
    const next = await frames.next()
    if (next.done === true) throw new AxleError('AXLE_WIRE', 'The viewer left before it had sent what is missing.')
    if (next.value.kind !== 'message') throw unannounced()
    const message = readMessage(fromViewer, next.value.message, SAID)
    if (message.t === 'sent') return
    if (message.t !== 'blob') throw unexpected(message)
    yield { sha256: message.sha256, size: message.size, chunks: chunksOf(frames, message.size) }
  }
}

async function* chunksOf(frames: AsyncGenerator<Frame>, size: number): AsyncGenerator<Uint8Array> {
  let left = size
  while (left > 0) {
    const next = await frames.next()
    if (next.done === true || next.value.kind !== 'bytes')
      throw new AxleError('AXLE_WIRE', 'A content ended before its announced size.')
    left -= next.value.bytes.length
    if (left < 0) throw new AxleError('AXLE_WIRE', 'A content is longer than its announced size.')
    yield next.value.bytes
  }
}

export function unannounced(): AxleError {
  return new AxleError('AXLE_WIRE', 'Bytes came without being announced.')
}

export function unexpected({ t }: FromViewer): AxleError {
  return new AxleError('AXLE_WIRE', `The viewer said ${t} where nothing of that kind was due.`)
}
