import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boot } from '../../src/client/boot/boot.ts'
import { openSession } from '../../src/client/session.ts'
import { AxleError } from '../../src/protocol/errors.ts'
import { decodeFrames } from '../../src/protocol/frame.ts'
import { type FromHost, type FromViewer, PROTOCOL } from '../../src/protocol/wire.ts'
import { encode, inChunks, message, mutate } from './mutate.ts'
import { fuzz, Random } from './random.ts'

const SECRET = 'the canary that lies beside the release'
const hello: FromViewer = {
  t: 'hello',
  protocol: PROTOCOL,
  project: 'shop',
  actor: { user: 'u', host: 'h' },
  request: { verb: 'deploy', now: false, wait: false },
}
const text = 'console.log(1)\n'.repeat(9_000)
const sha256 = createHash('sha256').update(text).digest('hex')
const secretHash = createHash('sha256').update(SECRET).digest('hex')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-fuzz-'))
  await writeFile(join(folder, 'content'), text)
  await writeFile(join(folder, 'secret'), SECRET)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const stamp = { v: 1 as const, op: 'op', seq: 0, time: '2026-01-01T00:00:00.000Z' }
const says: readonly FromHost[] = [
  { t: 'missing', sha256: [sha256] },
  { t: 'accepted', op: 'op', unit: 'axle-shop-op.service' },
  { t: 'event', event: { ...stamp, type: 'step', step: 'start', service: 'api', state: 'done', ms: 3 } },
  { t: 'event', event: { ...stamp, type: 'log', level: 'info', message: 'hello', source: 'core' } },
  { t: 'line', line: { time: stamp.time, service: 'api', message: 'a line' } },
  { t: 'answer', answer: { verb: 'history', answer: { operations: [] } } },
  { t: 'error', error: new AxleError('AXLE_DISK_FULL', 'full').serialize() },
  { t: 'end', exit: 1 },
]
const conversation = says.map(message)

interface Heard {
  readonly messages: readonly string[]
  readonly error: unknown
  /** All that the client wrote. */
  readonly written: Buffer
}

/** What the client makes of these bytes, the first of which may be the boot script's. */
async function listen(chunks: readonly Uint8Array[], withBoot: boolean): Promise<Heard> {
  const input = new PassThrough()
  const output = new PassThrough()
  const written: Buffer[] = []
  const reading = (async () => {
    for await (const chunk of input) written.push(Buffer.from(chunk))
  })()
  for (const chunk of chunks) output.write(chunk)
  output.end()
  const ended = async () => new AxleError('AXLE_CONNECTION_LOST', 'lost')
  const messages: string[] = []
  let error: unknown
  try {
    const booted = withBoot ? await boot({ input, output, ended }, request) : output
    const close = () => void output.destroy()
    const contents = new Map([[sha256, { path: join(folder, 'content'), size: text.length }]])
    const session = await openSession({ input, output: booted, ended, close }, { hello, contents })
    for await (const { t } of session.messages) messages.push(t)
    await session.close()
  } catch (thrown) {
    error = thrown
  }
  input.end()
  await reading
  return { messages, error, written: Buffer.concat(written) }
}

const request = {
  bundle: { hash: 'abc', size: 6, sha256, read: async () => Buffer.from('engine') },
  nodes: [],
  archive: async () => {
    throw new AxleError('AXLE_INTERNAL', 'no archive was due')
  },
}

async function orderly(chunks: readonly Buffer[], withBoot = false): Promise<Heard> {
  const heard = await listen(chunks, withBoot)
  if (heard.error === undefined) expect(heard.messages.at(-1)).toBe('end')
  else {
    expect(heard.error).toBeInstanceOf(AxleError)
    expect(heard.error).not.toMatchObject({ code: 'AXLE_INTERNAL' })
  }
  expect(heard.written.includes(SECRET)).toBe(false)
  return heard
}

const whole = (frames: readonly FromHost[]) => inChunks(encode(frames.map(message)), new Random(1))

test('the conversation itself is understood', async () => {
  const { messages, error } = await orderly(whole(says))
  expect(error).toBeUndefined()
  expect(messages).toEqual(says.slice(1).map(({ t }) => t))
})

test.each<[string, string]>([
  ['the hash of a file that was not announced', secretHash],
  ['a key of every object', 'constructor'],
])('no file is sent that was not announced: %s', async (_what, wanted) => {
  const { error, written } = await orderly(whole([{ t: 'missing', sha256: [sha256, wanted] }]))
  expect(error).toBeInstanceOf(AxleError)
  const frames: unknown[] = []
  const stream = (async function* () {
    yield written
  })()
  for await (const frame of decodeFrames(stream)) frames.push(frame)
  expect(frames).toMatchObject([{ kind: 'message', message: { t: 'hello' } }])
})

test('a host that asks twice gets each content once', async () => {
  const twice = await orderly(whole([says[0], says[0], ...says.slice(1)].flatMap((one) => one ?? [])))
  expect(twice.error).toMatchObject({ code: 'AXLE_WIRE' })
  const doubled = await orderly(whole([{ t: 'missing', sha256: [sha256, sha256] }, ...says.slice(1)]))
  expect(doubled.error).toMatchObject({ code: 'AXLE_WIRE' })
})

test('mutated conversations end in an error of ours', async () => {
  await fuzz('a deploy, client side', 300, async (random) => {
    await orderly(mutate(conversation, random))
  })
}, 3_600_000)

test('so do mutated greetings of the host', async () => {
  await fuzz('a greeting, client side', 200, async (random) => {
    const greeting = random.pick(['Welcome\nAXLE1 x86_64 engine\n', 'AXLE1 aarch64\n', 'AXLE1-ERROR AXLE_RIGHTS no\n'])
    const chunks = [...inChunks(Buffer.from(greeting), random), ...mutate(conversation, random)]
    const first = chunks[0]
    if (random.below(2) === 0 && first !== undefined) first.writeUInt8(random.below(256), random.below(first.length))
    if (random.below(10) === 0) chunks.unshift(Buffer.alloc(random.pick([1_000, 70_000]), random.pick([0, 10, 65])))
    await orderly(chunks.slice(0, 1 + random.below(chunks.length)), true)
  })
}, 3_600_000)
