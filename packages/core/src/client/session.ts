import type { Writable } from 'node:stream'
import type { Heard, Session } from '../cli/connect.ts'
import { AxleError } from '../protocol/errors.ts'
import { decodeFrames, encodeBytes, encodeMessage } from '../protocol/frame.ts'
import { readMessage } from '../protocol/read-message.ts'
import { type FromHost, type FromViewer, fromHost } from '../protocol/wire.ts'
import type { Content } from './files/collect.ts'
import { contentFrames, type Wanted } from './files/content-frames.ts'
import type { Progress } from './progress.ts'
import { lost, writeAll } from './write.ts'

export interface SessionStreams {
  readonly input: Writable
  readonly output: AsyncIterable<Uint8Array>
  /** Why the stream ended before `end` was said. */
  ended(): Promise<AxleError>
  close(): void
}

export interface SessionOptions {
  readonly hello: FromViewer
  readonly contents: ReadonlyMap<string, Content>
  /** Contents that are sent unasked, because `hello` says so. */
  readonly ahead?: readonly string[] | undefined
  /** The host has all that it was told of. */
  onComplete?(): void
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Talks to an engine that listens: says hello, sends the contents that it lacks, passes on everything else. */
export async function openSession(streams: SessionStreams, options: SessionOptions): Promise<Session> {
  await writeAll(streams.input, [encodeMessage(options.hello)])
  const { ahead, contents } = options
  if (ahead !== undefined) await sendContents(streams.input, announced(ahead, contents), undefined)
  return {
    messages: converse(streams, options),
    input: {
      send: (bytes) => writeAll(streams.input, encodeBytes(bytes)),
      end: () => writeAll(streams.input, [encodeMessage({ t: 'input-end' } satisfies FromViewer)]),
    },
    close: async () => streams.close(),
  }
}

async function* converse(
  streams: SessionStreams,
  { contents, onProgress, onComplete }: SessionOptions,
): AsyncGenerator<Heard> {
  let failure: unknown
  let left = 0
  let asked = false
  try {
    for await (const frame of decodeFrames(streams.output)) {
      if (frame.kind === 'bytes') {
        left -= frame.bytes.length
        if (left < 0) throw new AxleError('AXLE_WIRE', 'The host sent bytes that it did not announce.')
        yield { t: 'bytes', bytes: frame.bytes }
        continue
      }
      const message: FromHost = readMessage(fromHost, frame.message, "The host's message")
      if (message.t === 'output') left = message.size
      if (message.t === 'missing') {
        if (asked) throw new AxleError('AXLE_WIRE', 'The host asked for contents twice.')
        asked = true
        if (message.sha256.length === 0) continue
        const wanted = announced(message.sha256, contents)
        // Beside the reading: the host must be able to say that its disk is full while we send.
        void sendContents(streams.input, wanted, onProgress).catch((thrown: unknown) => {
          if (thrown instanceof AxleError && thrown.code === 'AXLE_CONNECTION_LOST') return
          failure = thrown
          streams.close()
        })
        continue
      }
      if (message.t === 'accepted') onComplete?.()
      yield message
      if (message.t === 'end') return
    }
  } catch (thrown) {
    throw failure ?? (thrown instanceof AxleError ? thrown : lost())
  } finally {
    streams.close()
  }
  throw failure ?? (await streams.ended())
}

/** Only what the hello named is ever sent, and once. */
function announced(wanted: readonly string[], contents: ReadonlyMap<string, Content>): readonly Wanted[] {
  if (new Set(wanted).size < wanted.length) throw new AxleError('AXLE_WIRE', 'The host asked for a content twice.')
  return wanted.map((sha256) => {
    const content = contents.get(sha256)
    if (content !== undefined) return { sha256, ...content }
    throw new AxleError('AXLE_WIRE', `The host asked for a content that was never announced (${sha256.slice(0, 12)}).`)
  })
}

async function sendContents(
  input: Writable,
  wanted: readonly Wanted[],
  onProgress: SessionOptions['onProgress'],
): Promise<void> {
  const total = wanted.reduce((sum, { size }) => sum + size, 0)
  let sent = 0
  const count = (bytes: number) => {
    sent += bytes
    onProgress?.({ what: 'files', sent, total })
  }
  await writeAll(input, contentFrames(wanted, count))
  await writeAll(input, [encodeMessage({ t: 'sent' } satisfies FromViewer)])
}
