import { createReadStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { AxleError, isErrorCode } from '../../protocol/errors.ts'
import type { Bundle } from '../bundle/made.ts'
import { cacheFolder } from '../cache/folder.ts'
import type { Architecture, NodeArchive } from '../node/archive.ts'
import type { Progress } from '../progress.ts'
import { lost, writeAll } from '../write.ts'
import { LineReader } from './reader.ts'

export interface BootRequest {
  readonly bundle: Bundle
  readonly nodes: readonly string[]
  archive(version: string, architecture: Architecture): Promise<NodeArchive>
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface BootStreams {
  readonly input: Writable
  readonly output: AsyncIterable<Uint8Array>
  /** Why there is no answer, once the stream has ended before one. */
  ended(): Promise<AxleError>
}

const MOST_NOISE = 65_536
const ARCHITECTURES: Readonly<Record<string, Architecture>> = { x86_64: 'x64', aarch64: 'arm64' }

/** Brings the host to the point where the engine listens; what it says from then on is the answer. */
export async function boot(streams: BootStreams, request: BootRequest): Promise<AsyncGenerator<Uint8Array>> {
  const reader = new LineReader(streams.output)
  const { architecture, has } = await greeting(reader, streams)
  const { input } = streams
  const send = async (
    what: Progress['what'],
    header: string,
    size: number,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ) => {
    let sent = 0
    await writeAll(input, [Buffer.from(`${header}\n`)])
    for await (const chunk of bytes) {
      await writeAll(input, [chunk])
      sent += chunk.length
      request.onProgress?.({ what, sent, total: size })
    }
  }
  const sendAll = async (): Promise<void> => {
    for (const version of new Set(request.nodes)) {
      if (has.has(`node@${version}`)) continue
      const { file, size, sha256 } = await request.archive(version, architecture)
      await send('node', `node ${version} ${size} ${sha256}`, size, createReadStream(file))
    }
    if (!has.has('engine')) {
      const { hash, sha256, size } = request.bundle
      await send('engine', `engine ${hash} ${size} ${sha256}`, size, [await request.bundle.read()])
    }
    if (!has.has('ready')) await writeAll(input, [Buffer.from('go\n')])
  }
  const sending = sendAll()
  // Between its greeting and `go` the host speaks only to complain. Who only wrote would wait for ever for room in the
  // window of a channel that nobody reads from any more.
  const complained = reader.arrived().then(() => 'complained' as const)
  try {
    const first = await Promise.race([sending, complained])
    if (first === 'complained') throw lost()
  } catch (thrown) {
    // What went wrong here the host knows nothing of, and waits: only where it stopped reading is there a line to come.
    if (!(thrown instanceof AxleError)) throw notSent(thrown)
    if (thrown.code !== 'AXLE_CONNECTION_LOST') throw thrown
    // It said why, most likely: its own words come first.
    const line = await reader.line(MOST_NOISE)
    throw (line === undefined ? undefined : complaint(line)) ?? thrown
  }
  return withoutComplaint(reader.rest())
}

function notSent(cause: unknown): AxleError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AxleError('AXLE_FILES', `What the host lacks (Node, the engine) cannot be read here: ${why}`, {
    hint: `Axle keeps it in ${cacheFolder()}, which must be yours; it may be removed, and is made again. Then try again.`,
    cause,
  })
}

async function greeting(
  reader: LineReader,
  streams: BootStreams,
): Promise<{ architecture: Architecture; has: ReadonlySet<string> }> {
  let noise = 0
  for (;;) {
    const line = await reader.line(MOST_NOISE)
    noise += line?.length ?? 0
    if (line === undefined || noise > MOST_NOISE) throw await streams.ended()
    const said = complaint(line)
    if (said !== undefined) throw said
    const [word, machine = '', ...has] = line.split(' ')
    // What a login shell prints before is not ours, and does no harm.
    if (word !== 'AXLE1') continue
    const architecture = ARCHITECTURES[machine]
    if (architecture !== undefined) return { architecture, has: new Set(has) }
    throw new AxleError('AXLE_HOST_UNSUITABLE', `The host is a ${machine}; there is Node for x86_64 and aarch64.`)
  }
}

/** `AXLE1-ERROR CODE message`, where a frame was expected. */
async function* withoutComplaint(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const chunk of source) {
    const said = first ? complaint(Buffer.from(chunk).toString('utf8').trim()) : undefined
    if (said !== undefined) throw said
    first = false
    yield chunk
  }
}

function complaint(line: string): AxleError | undefined {
  const [, code = '', message = ''] = /^AXLE1-ERROR (\S+) (.*)$/s.exec(line) ?? []
  if (code === '') return undefined
  return new AxleError(isErrorCode(code) ? code : 'AXLE_WIRE', `The host cannot be used: ${message}.`)
}
