import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LocalHost } from '../../src/engine/host/local-host.ts'
import { RECEIVING } from '../../src/engine/store/content-key.ts'
import { serveStream } from '../../src/host/serve-stream.ts'
import { isErrorCode } from '../../src/protocol/errors.ts'
import { decodeFrames, FRAME } from '../../src/protocol/frame.ts'
import { readMessage } from '../../src/protocol/read-message.ts'
import { type FromHost, fromHost, type Hello, PROTOCOL } from '../../src/protocol/wire.ts'
import { Bench } from '../fakes/bench.ts'
import { bytes, encode, inChunks, message, mutate, type Raw } from './mutate.ts'
import { fuzz, Random } from './random.ts'

/** Its programs are none: a unit that is started ends at once. */
class InertHost extends LocalHost {
  readonly ran: string[] = []

  override async run(argv: readonly string[]) {
    this.ran.push(argv.join(' '))
    return { exitCode: 0, stdout: '', stderr: '' }
  }

  override async *stream(): AsyncIterable<string> {
    // Nothing is ever said.
  }
}

const content = (text: string) => {
  const sha256 = createHash('sha256').update(text).digest('hex')
  return {
    text,
    sha256,
    size: text.length,
    frames: [message({ t: 'blob', sha256, size: text.length }), bytes(Buffer.from(text))],
  }
}
const one = content('console.log(1)\n')
const two = content('x'.repeat(3_000))

let bench: Bench
let host: InertHost
beforeAll(async () => {
  bench = await Bench.create()
  host = new InertHost({ root: bench.directory, uid: process.getuid?.() ?? 0, facts: bench.host.facts })
})
afterAll(() => bench[Symbol.asyncDispose]())

const entry = (path: string, { sha256, size }: typeof one) => ({ path, mode: '644' as const, sha256, size })
const files = [entry('a/one.js', one), entry('b', two), { path: 'l', link: 'a/one.js' }]
const hello = (more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => {
  const { resolved } = bench.config()
  return {
    t: 'hello',
    protocol: PROTOCOL,
    project: resolved.project,
    actor: { user: 'u', host: 'h' },
    request: { verb: 'deploy', now: false },
    config: resolved,
    manifests: { api: files },
    ...more,
  } satisfies Record<Exclude<keyof Hello, 'ahead' | 'time'>, unknown>
}
const conversation = (first = hello()): readonly Raw[] => [
  message(first),
  ...one.frames,
  ...two.frames,
  message({ t: 'sent' }),
]

/** JSON.stringify() itself would run out of stack. */
function tooDeep(): Raw {
  const { resolved } = bench.config()
  const plugins = [{ kind: 'nginx', options: { deep: 'HERE' } }]
  const text = JSON.stringify(hello({ config: { ...resolved, plugins } }))
  const payload = Buffer.from(text.replace('"HERE"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`))
  return { kind: FRAME.message, length: payload.length, payload }
}

/** All that the host says to these bytes, and its exit code. */
async function serve(chunks: readonly Buffer[]): Promise<{ said: readonly FromHost[]; exit: number }> {
  const input = new PassThrough()
  const output = new PassThrough()
  for (const chunk of chunks) input.write(chunk)
  input.end()
  const self = {
    host,
    authored: async () => bench.config().authored,
    axle: '0.0.0',
    engineHash: 'test',
    enginePath: '/test',
    node: process.execPath,
  }
  const said: FromHost[] = []
  const listening = (async () => {
    for await (const frame of decodeFrames(output)) {
      if (frame.kind === 'message') said.push(readMessage(fromHost, frame.message, 'It'))
    }
  })()
  const exit = await serveStream(self, input, output)
  output.end()
  await listening
  return { said, exit }
}

/** Paths below the host's root, but for what is Axle's own. */
async function outside(): Promise<readonly string[]> {
  const names = await readdir(bench.directory, { recursive: true })
  return names.filter((name) => !/^(opt\/axle|var\/lib\/axle)(\/|$)/.test(name)).sort()
}

async function refused(chunks: readonly Buffer[]): Promise<FromHost | undefined> {
  await rm(join(bench.directory, 'var/lib/axle/store'), { recursive: true, force: true })
  host.ran.length = 0
  const before = await outside()
  const { said, exit } = await serve(chunks)
  const last = said.at(-1)
  expect(last).toEqual({ t: 'end', exit })
  expect(await outside()).toEqual(before)
  expect(await host.list(RECEIVING)).toEqual([])
  const error = said.find(({ t }) => t === 'error')
  if (error?.t !== 'error') {
    // It was still a whole question, whose viewer left before the end.
    expect([0, 5, 130]).toContain(exit)
    return undefined
  }
  expect(isErrorCode(error.error.code)).toBe(true)
  expect(error.error.code, error.error.message).not.toBe('AXLE_INTERNAL')
  expect(error.error.exit).toBe(exit)
  expect(exit).not.toBe(0)
  return error
}

const whole = (frames: readonly Raw[]) => inChunks(encode(frames), new Random(1))
const wire = (words: string) => ({
  t: 'error',
  error: expect.objectContaining({ code: 'AXLE_WIRE', message: expect.stringContaining(words) }),
})

test('the conversation itself is understood: its operation is started', async () => {
  const { said } = await serve(whole(conversation()))
  expect(said.map(({ t }) => t).slice(0, 2)).toEqual(['missing', 'accepted'])
  expect(host.ran.join('\n')).toContain('systemd-run')
})

describe('refused in words', () => {
  const link = (path: string, target: string) => ({ path, link: target })
  test.each<[string, () => readonly Raw[], string]>([
    ['nothing', () => [], 'said nothing'],
    ['bytes instead of a hello', () => one.frames.slice(1), 'without being announced'],
    ['a second hello', () => [message(hello()), message(hello())], 'hello'],
    ['a hello of another protocol', () => conversation(hello({ protocol: PROTOCOL + 1 })), 'protocol'],
    ['a project that is a path', () => conversation(hello({ project: '../../etc' })), 'project'],
    ['a config of another project', () => conversation(hello({ project: 'other' })), 'config.project'],
    ['a content nobody asked for', () => [message(hello()), ...content('other').frames], 'nobody asked for'],
    ['a content twice', () => [message(hello()), ...one.frames, ...one.frames], 'nobody asked for'],
    [
      'one with another size',
      () => [message(hello()), message({ t: 'blob', sha256: one.sha256, size: 2 })],
      'another size',
    ],
    [
      'one that is too short',
      () => [message(hello()), ...one.frames.slice(0, 1), message({ t: 'sent' })],
      'before its announced size',
    ],
    [
      'one that is too long',
      () => [message(hello()), ...one.frames.slice(0, 1), bytes(Buffer.alloc(100))],
      'longer than',
    ],
    [
      'one with another hash',
      () => [message(hello()), ...one.frames.slice(0, 1), bytes(Buffer.alloc(one.size))],
      'damaged',
    ],
    ['a viewer that leaves in the middle', () => [message(hello()), ...one.frames], 'left before'],
    ['contents that do not come', () => [message(hello()), ...one.frames, message({ t: 'sent' })], 'did not arrive'],
    ['a message nested too deep', () => [tooDeep()], 'nested too deep'],
  ])('%s', async (_what, frames, words) => {
    expect(await refused(whole(frames()))).toMatchObject(wire(words))
  })

  test('what comes after the conversation', async () => {
    const first = hello({ manifests: { api: [] } })
    expect(await refused(whole([message(first), ...one.frames]))).toMatchObject(wire('blob'))
    expect(await refused([encode([message(first)]), Buffer.from('rubbish')])).toMatchObject(wire('no frame'))
    expect(await refused([encode([message(first)]), Buffer.from([0, 0])])).toMatchObject(wire('half a frame'))
  }, 30_000)

  test.each<[string, readonly unknown[]]>([
    ['..', [entry('../x', one)]],
    ['.. within', [entry('a/../../x', one)]],
    ['absolute', [entry('/etc/cron.d/x', one)]],
    ['NUL', [entry('a\0b', one)]],
    ['.', [entry('.', one)]],
    ['empty', [entry('', one)]],
    ['an empty part', [entry('a//b', one)]],
    ['twice', [entry('a', one), entry('a', one)]],
    ['a file that is a folder', [entry('a', one), entry('a/b', one)]],
    ['a link that is a folder', [link('a', 'b'), entry('a/b', one)]],
    ['one content, two sizes', [entry('a', one), { ...entry('b', one), size: 1 }]],
    ['a link to an absolute path', [link('a', '/etc/passwd')]],
    ['a link out', [link('a/b', '../../x')]],
    ['a link out through another', [link('x/y/d', '../..'), link('e', 'x/y/d/../x')]],
    ['a chain out', [link('a', 'b'), link('b', 'c/d'), link('c', '..')]],
    ['a link with NUL', [link('a', 'b\0c')]],
    ['an unknown mode', [{ ...entry('a', one), mode: '4755' }]],
    ['a size below zero', [{ ...entry('a', one), size: -1 }]],
    ['a key of an object', [JSON.parse('{"__proto__":{"path":"a"},"path":"a","link":"b"}')]],
  ])('a manifest with %s', async (_what, entries) => {
    expect(await refused(whole(conversation(hello({ manifests: { api: entries } }))))).toMatchObject(wire('manifests'))
  })

  test.each(['__proto__', 'constructor', 'toString'])('a service called %s has no files by that', async (name) => {
    const { resolved } = bench.config()
    const manifests: unknown = JSON.parse(`{${JSON.stringify(name)}: [{ "path": "x", "link": "y" }]}`)
    const services = resolved.services.map((service) => ({ ...service, name }))
    const frames = conversation(hello({ manifests, config: { ...resolved, services } }))
    await refused(whole(frames))
    expect(Reflect.get({}, 'path')).toBeUndefined()
  })
})

test('links that stay inside are no harm, loops neither', async () => {
  const entries = [
    { path: 'a/l', link: '../b' },
    { path: 'loop', link: 'loop' },
    { path: 'd', link: '.' },
    { path: 'e', link: 'd/d/d/a' },
    { path: 'nowhere', link: 'not/there' },
  ]
  const { said } = await serve(whole([message(hello({ manifests: { api: entries } })), message({ t: 'sent' })]))
  expect(said.map(({ t }) => t)).toContain('accepted')
})

const questions = ['status', 'health', 'history', 'logs', 'plan', 'env-list', 'env-set', 'rollback'] as const

test('mutated deploys end with an error and an exit code, and leave nothing behind', async () => {
  await fuzz('a deploy, host side', 150, async (random) => {
    await refused(mutate(conversation(), random))
  })
}, 3_600_000)

test('mutated questions too', async () => {
  await fuzz('questions, host side', 80, async (random) => {
    const verb = random.pick(questions)
    const own = verb.startsWith('env') ? { service: 'api' } : {}
    const value = verb === 'env-set' ? { name: 'NAME', value: 'v' } : {}
    await refused(mutate([message(hello({ request: { verb, ...own, ...value } }))], random))
  })
}, 3_600_000)
