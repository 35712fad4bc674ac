import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { Self } from '../engine/self.ts'
import type { ViewerIo } from '../engine/serve/io.ts'
import { serveRequest } from '../engine/serve/serve.ts'
import { AxleError } from '../protocol/errors.ts'
import { EXIT } from '../protocol/exit.ts'
import { decodeFrames, encodeMessage, type Frame } from '../protocol/frame.ts'
import { readMessage } from '../protocol/read-message.ts'
import { type FromHost, type FromViewer, fromViewer, type Hello, hello } from '../protocol/wire.ts'

const SAID = "The viewer's message"

/** The engine's side of the wire: frames on two streams. The viewer's end of its stream means that it is gone. */
export async function serveStream(self: Self, input: Readable, output: Writable): Promise<number> {
  const gone = new AbortController()
  output.on('error', () => gone.abort())
  const send = async (message: FromHost) => {
    if (output.destroyed || output.writableEnded) return
    // A viewer that says no more may still listen: it is told why, and not waited for.
    if (output.write(encodeMessage(message)) || gone.signal.aborted) return
    await Promise.race([once(output, 'drain', { signal: gone.signal }), once(gone.signal, 'abort')]).catch(() => {})
  }
  const frames = decodeFrames(input)
  let broken: AxleError | undefined
  const io: ViewerIo = {
    send,
    blobs: () => blobsOf(frames),
    expectNothing: () =>
      void untilEnd(frames).then((thrown) => {
        broken = thrown
        gone.abort()
      }),
    signal: gone.signal,
  }
  let exit: number
  try {
    exit = await serveRequest(self, await firstMessage(frames), io)
    // What was said already is the last word.
    if (broken !== undefined && (exit === EXIT.done || exit === EXIT.interrupted)) throw broken
  } catch (thrown) {
    const error = AxleError.wrap(thrown)
    await send({ t: 'error', error: error.serialize() })
    exit = error.exit
  }
  await send({ t: 'end', exit })
  return exit
}

async function firstMessage(frames: AsyncGenerator<Frame>): Promise<Hello> {
  const first = await frames.next()
  if (first.done === true) throw new AxleError('AXLE_WIRE', 'The viewer said nothing.')
  if (first.value.kind !== 'message') throw unannounced()
  return readMessage(hello, first.value.message, "The viewer's first message")
}

/** Reads on, or the end of a stream that nobody reads would never be seen. Says what was wrong with the rest, if anything. */
async function untilEnd(frames: AsyncGenerator<Frame>): Promise<AxleError | undefined> {
  try {
    for await (const frame of frames) {
      const message = frame.kind === 'message' ? readMessage(fromViewer, frame.message, SAID) : undefined
      // The answer to a `missing` of nothing may still have been under way.
      if (message?.t !== 'sent') throw message === undefined ? unannounced() : unexpected(message)
    }
    return undefined
  } catch (thrown) {
    return AxleError.wrap(thrown, 'AXLE_CONNECTION_LOST')
  }
}

async function* blobsOf(
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

function unannounced(): AxleError {
  return new AxleError('AXLE_WIRE', 'Bytes came without being announced.')
}

function unexpected({ t }: FromViewer): AxleError {
  return new AxleError('AXLE_WIRE', `The viewer said ${t} where nothing of that kind was due.`)
}
