import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { transientUnits } from '../engine/background/transient-unit.ts'
import type { Self } from '../engine/self.ts'
import type { ViewerIo } from '../engine/serve/io.ts'
import { serveRequest } from '../engine/serve/serve.ts'
import { AxleError } from '../protocol/errors.ts'
import { EXIT } from '../protocol/exit.ts'
import { decodeFrames, encodeBytes, encodeMessage, type Frame } from '../protocol/frame.ts'
import { readMessage } from '../protocol/read-message.ts'
import { type FromHost, fromViewer, type Hello, hello } from '../protocol/wire.ts'
import { blobsOf, SAID, unannounced, unexpected } from './blobs.ts'
import { inputOf } from './input.ts'

/**
 * The engine's side of the wire: frames on two streams. The viewer's end of its stream means that it is gone. `standby`:
 * the operation whose engine waits already.
 */
export async function serveStream(self: Self, input: Readable, output: Writable, standby?: string): Promise<number> {
  const gone = new AbortController()
  output.on('error', () => gone.abort())
  const write = async (chunk: Uint8Array) => {
    if (output.destroyed || output.writableEnded) return
    // A viewer that says no more may still listen: it is told why, and not waited for.
    if (!output.write(chunk) && !gone.signal.aborted) await drained(output, gone.signal)
  }
  const send = (message: FromHost) => write(encodeMessage(message))
  const frames = decodeFrames(input)
  let broken: AxleError | undefined
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
      void untilEnd(frames).then((thrown) => {
        broken = thrown
        gone.abort()
      })
    },
    input: () => inputOf(frames, () => gone.abort()),
    signal: gone.signal,
  }
  let exit: number
  try {
    const starting = { background: transientUnits(self.host), standby }
    exit = await serveRequest(self, await firstMessage(frames), io, starting)
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

/** Until a stream takes more, or its reader is gone. */
async function drained(output: Writable, gone: AbortSignal): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  try {
    await Promise.race([once(output, 'drain', { signal }), once(gone, 'abort', { signal })])
  } catch {
    // The stream broke: its reader is gone.
  } finally {
    over.abort()
  }
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
      throw message === undefined ? unannounced() : unexpected(message)
    }
    return undefined
  } catch (thrown) {
    return AxleError.wrap(thrown, 'AXLE_CONNECTION_LOST')
  }
}
