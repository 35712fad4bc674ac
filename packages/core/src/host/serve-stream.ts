import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { transientUnits } from '../engine/background/transient-unit.ts'
import type { Self } from '../engine/self.ts'
import type { ViewerIo } from '../engine/serve/io.ts'
import { serveRequest } from '../engine/serve/serve.ts'
import { AxleError } from '../protocol/errors.ts'
import { decodeFrames, encodeBytes, encodeMessage, type Frame } from '../protocol/frame.ts'
import { type FromHost, fromViewer, hello } from '../protocol/wire.ts'
import { inputOf } from './input.ts'

/** The engine's side of the wire: frames on two streams. The viewer's end of its stream means that it is gone. */
export async function serveStream(self: Self, input: Readable, output: Writable, standby?: string): Promise<number> {
  const gone = new AbortController()
  output.on('error', () => gone.abort())
  const write = async (chunk: Uint8Array) => {
    if (!gone.signal.aborted && !output.write(chunk)) await drained(output, gone.signal)
  }
  const send = (message: FromHost) => write(encodeMessage(message))
  const frames = decodeFrames(input)
  let exit: number
  try {
    const first = await frames.next()
    if (first.done === true || first.value.kind !== 'message')
      throw new AxleError('AXLE_WIRE', 'The viewer said nothing.')
    const parsed = hello.safeParse(first.value.message)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new AxleError(
        'AXLE_WIRE',
        `The viewer's first message is not valid: ${issue?.path.join('.')}: ${issue?.message}.`,
      )
    }
    let listening = false
    const io: ViewerIo = {
      send,
      output: async (stream, bytes) => {
        await send({ t: 'output', stream, size: bytes.length })
        for (const part of encodeBytes(bytes)) await write(part)
      },
      blobs: () => blobsOf(frames),
      expectNothing: () => {
        if (listening) return
        listening = true
        void untilEnd(frames).then(() => gone.abort())
      },
      input: () => inputOf(frames, () => gone.abort()),
      signal: gone.signal,
    }
    exit = await serveRequest(self, parsed.data, io, { background: transientUnits(self.host), standby })
  } catch (thrown) {
    const error = AxleError.wrap(thrown)
    await send({ t: 'error', error: error.serialize() })
    exit = error.exit
  }
  await send({ t: 'end', exit })
  return exit
}

/** Until a stream takes more, or its reader is gone. */
async function drained(output: Writable, gone: AbortSignal): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  try {
    await Promise.race([once(output, 'drain', { signal }), once(gone, 'abort', { signal })])
  } finally {
    over.abort()
  }
}

/** Reads on, or the end of a stream that nobody reads would never be seen. */
async function untilEnd(frames: AsyncGenerator<Frame>): Promise<void> {
  try {
    while ((await frames.next()).done !== true);
  } catch {
    // A viewer that dies in the middle of a word is gone as well.
  }
}

async function* blobsOf(
  frames: AsyncGenerator<Frame>,
): ReturnType<ViewerIo['blobs']> extends AsyncIterable<infer B> ? AsyncGenerator<B> : never {
  for (;;) {
    const next = await frames.next()
    if (next.done === true || next.value.kind !== 'message')
      throw new AxleError('AXLE_WIRE', 'Bytes came without being announced.')
    const message = fromViewer.parse(next.value.message)
    if (message.t === 'sent') return
    if (message.t !== 'blob') throw new AxleError('AXLE_WIRE', 'The viewer said hello twice.')
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
