import { createReadStream } from 'node:fs'
import type { Writable } from 'node:stream'
import type { Heard, Session } from '../cli/connect.ts'
import { AxleError } from '../protocol/errors.ts'
import { decodeFrames, encodeBytes, encodeMessage } from '../protocol/frame.ts'
import { type FromHost, type FromViewer, fromHost } from '../protocol/wire.ts'
import type { Content } from './files/collect.ts'
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
  if (ahead !== undefined) await sendContents(streams.input, ahead, contents, undefined)
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
  let announced = 0
  try {
    for await (const frame of decodeFrames(streams.output)) {
      if (frame.kind === 'bytes') {
        announced -= frame.bytes.length
        if (announced < 0) throw new AxleError('AXLE_WIRE', 'The host sent bytes that it did not announce.')
        yield { t: 'bytes', bytes: frame.bytes }
        continue
      }
      const message = parse(frame.message)
      if (message.t === 'output') announced = message.size
      if (message.t === 'missing') {
        if (message.sha256.length === 0) continue
        // Beside the reading: the host must be able to say that its disk is full while we send.
        void sendContents(streams.input, message.sha256, contents, onProgress).catch((thrown: unknown) => {
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

function parse(message: unknown): FromHost {
  const parsed = fromHost.safeParse(message)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AxleError(
    'AXLE_WIRE',
    `The host sent a message of another form: ${issue?.path.join('.')}: ${issue?.message}`,
    { cause: parsed.error },
  )
}

async function sendContents(
  input: Writable,
  wanted: readonly string[],
  contents: ReadonlyMap<string, Content>,
  onProgress: SessionOptions['onProgress'],
): Promise<void> {
  const found = wanted.map((sha256) => {
    const content = contents.get(sha256)
    if (content !== undefined) return { sha256, ...content }
    throw new AxleError('AXLE_WIRE', `The host asked for a content that was never announced (${sha256.slice(0, 12)}).`)
  })
  const total = found.reduce((sum, { size }) => sum + size, 0)
  let sent = 0
  for (const { sha256, size, path } of found) {
    await writeAll(input, [encodeMessage({ t: 'blob', sha256, size } satisfies FromViewer)])
    let left = size
    for await (const chunk of createReadStream(path)) {
      const bytes: Uint8Array = chunk
      left -= bytes.length
      if (left < 0) break
      await writeAll(input, encodeBytes(bytes))
      sent += bytes.length
      onProgress?.({ what: 'files', sent, total })
    }
    if (left !== 0)
      throw new AxleError('AXLE_FILES', `${path} changed while it was being sent.`, {
        where: path,
        hint: 'Deploy again once nothing writes to it.',
      })
  }
  await writeAll(input, [encodeMessage({ t: 'sent' } satisfies FromViewer)])
}
