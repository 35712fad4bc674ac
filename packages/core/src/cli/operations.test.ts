import { describe, expect, it } from 'vitest'
import { INPUT_WINDOW, type RequestInput } from '../protocol/wire.ts'
import type { Heard } from './connect.ts'
import { createProgram } from './program.ts'
import { fakeIo } from './testing/fake-io.ts'

const time = '2026-01-02T03:04:05.000Z'
const actor = { user: 'ann', host: 'laptop' }
const accepted: Heard = { t: 'accepted', op: 'op1', unit: 'axle-shop-op1' }
const done: Heard = {
  t: 'event',
  event: { v: 1, op: 'op1', seq: 0, time, type: 'result', outcome: 'done', exit: 0, services: [] },
}

/** A host that says what it is told to, and hears what is sent. */
async function axle(words: readonly string[], answers: readonly Heard[] = [], stdin = '') {
  const { io, said, stdin: typed, interrupt } = fakeIo()
  typed.end(stdin)
  const requests: RequestInput[] = []
  const verbs: string[] = []
  const sent: Uint8Array[] = []
  const ended = Promise.withResolvers<void>()
  const program = createProgram({
    side: 'client',
    version: '1.2.3',
    io,
    connect: async () => async (target) => {
      verbs.push(target.verb)
      return {
        project: 'shop',
        services: ['api', 'worker'],
        close: () => {},
        open: async (request) => {
          requests.push(request)
          async function* messages(): AsyncGenerator<Heard> {
            yield* answers
            if (request.verb === 'exec' && answers.length === 0) {
              await ended.promise
              yield { t: 'end', exit: 0 }
            }
            if (answers.at(-1)?.t === 'waiting') await new Promise<never>(() => setImmediate(interrupt))
          }
          return {
            messages: messages(),
            input: { send: async (bytes) => void sent.push(bytes), end: async () => ended.resolve() },
            close: async () => {},
          }
        },
      }
    },
  })
  return { exit: await program.run([...words]), ...said, requests, verbs, sent: Buffer.concat(sent) }
}

describe('operations', () => {
  it.each(['restart', 'stop', 'start', 'exec'])('%s --help shows an example', async (name) => {
    const { exit, out } = await axle([name, '--help'])
    expect(exit).toBe(0)
    expect(out).toMatch(new RegExp(`Examples?:\\n {2}axle ${name}`))
  })

  it.each([
    [['restart', '--service', 'api', '--wait'], { verb: 'restart', services: ['api'], wait: true, now: false }],
    [['stop'], { verb: 'stop', wait: false, now: false }],
    [['start', '--now'], { verb: 'start', wait: false, now: true }],
    [['deploy', '--attach'], { verb: 'attach' }],
    [['rollback', '--attach'], { verb: 'attach' }],
  ])('%j asks for that', async (words, request) => {
    const { requests, exit } = await axle(words, [accepted, done])
    expect(requests).toEqual([request])
    expect(exit).toBe(0)
  })

  it.each([
    [['rollback', '0123456789ab', '--dry-run'], { verb: 'preview', of: 'rollback', release: '0123456789ab' }],
    [['restart', '--dry-run', '--service', 'api'], { verb: 'preview', of: 'restart', services: ['api'] }],
    [['history', '--service', 'api', '-n', '3'], { verb: 'history', limit: 3, services: ['api'] }],
  ])('%j is a question', async (words, request) => {
    expect((await axle(words)).requests).toEqual([request])
  })

  it.each([
    ['deploy --attach --detach', '--detach'],
    ['deploy --attach --wait --now', '--wait, --now'],
    ['deploy --attach --dry-run', '--dry-run'],
    ['restart --attach --service api', '--service'],
    ['rollback 0123456789ab --attach', 'a release'],
    ['stop --dry-run --detach', '--detach'],
  ])('%s contradicts itself: exit 2, nothing asked', async (line, named) => {
    const { exit, out, err, requests } = await axle(line.split(' '))
    expect(exit).toBe(2)
    expect(out + err).toContain(`does not go with ${named}.`)
    expect(requests).toEqual([])
  })

  it('--detach leaves once it is accepted, and does not say how it ended', async () => {
    const { exit, out } = await axle(['deploy', '--detach', '--json'], [accepted, done])
    expect(exit).toBe(0)
    const result = { v: 1, op: 'op1', seq: 0, type: 'result', outcome: 'lost-viewer', exit: 0, services: [] }
    expect(JSON.parse(out)).toEqual({ ...result, time: expect.any(String) })
    expect((await axle(['deploy', '--detach'], [accepted, done])).out).toContain('axle deploy --attach')
  })

  it('says for whom it waits; interrupted then, nothing was started', async () => {
    const held: Heard = { t: 'waiting', for: { what: 'deploy', since: time, actor, operation: 'op0' } }
    const waited = await axle(['deploy', '--wait'], [held, accepted, done])
    expect(waited.out).toContain('wait for the deploy of ann@laptop (op0) …')
    expect(waited.exit).toBe(0)
    const left = await axle(['deploy', '--wait'], [held])
    expect(left.exit).toBe(130)
    expect(left.out).toContain('no deploy was started')
  })

  it('who attaches late is told how long the operation took, and not the viewer', async () => {
    const begun: Heard = {
      t: 'event',
      event: {
        v: 1,
        op: 'op1',
        seq: 0,
        time,
        type: 'operation',
        kind: 'deploy',
        project: 'shop',
        services: ['api'],
        actor,
      },
    }
    const ended: Heard = {
      t: 'event',
      event: {
        ...{ v: 1, op: 'op1', seq: 1, time: '2026-01-02T03:05:17.000Z' },
        ...{ type: 'result', outcome: 'done', exit: 0, services: [] },
      },
    }
    expect((await axle(['deploy', '--attach'], [begun, ended])).out).toContain('Done in 1 min 12 s')
  })

  it('env set --restart is shown as an operation', async () => {
    const answer: Heard = { t: 'answer', answer: { verb: 'env', answer: { service: 'api', names: [] } } }
    const words = ['env', 'set', 'KEY', '--service', 'api', '--restart', '--json']
    const { exit, out, requests } = await axle(words, [answer, accepted, done], 'value')
    expect(requests).toEqual([{ verb: 'env-set', service: 'api', name: 'KEY', value: 'value', restart: true }])
    expect(JSON.parse(out)).toMatchObject({ type: 'result', outcome: 'done' })
    expect(exit).toBe(0)
    const wrong = await axle(['env', 'set', 'A-B', '--restart', '--json'])
    expect(JSON.parse(wrong.out)).toMatchObject({ type: 'result', code: 'AXLE_USAGE', exit: 2 })
  })
})

describe('exec', () => {
  const bytes = (text: string): Heard => ({ t: 'bytes', bytes: Buffer.from(text) })
  const output = (stream: 'stdout' | 'stderr', text: string): readonly Heard[] => [
    { t: 'output', stream, size: text.length },
    bytes(text),
  ]

  it('passes on the words after -- as they are, both outputs apart, and the exit code', async () => {
    const words = ['exec', '--service', 'api', '--', 'sh', '-c', 'echo "$X"', '--json', '']
    const said = await axle(words, [...output('stdout', 'out'), ...output('stderr', 'err'), { t: 'end', exit: 42 }])
    expect(said.requests).toEqual([{ verb: 'exec', service: 'api', argv: ['sh', '-c', 'echo "$X"', '--json', ''] }])
    expect([said.out, said.err, said.exit]).toEqual(['out', 'err', 42])
    expect(said.verbs).toEqual(['exec'])
  })

  it('sends standard input, and no more than the host has room for', async () => {
    expect((await axle(['exec', '--service', 'api', '--', 'cat'], [], 'typed')).sent.toString()).toBe('typed')
    const much = 'x'.repeat(INPUT_WINDOW + 10)
    const { sent } = await axle(['exec', '--service', 'api', '--', 'sleep', '1'], [...output('stdout', 'a')], much)
    expect(sent.length).toBeLessThanOrEqual(INPUT_WINDOW)
  })

  it('asks which service is meant', async () => {
    const { exit, err } = await axle(['exec', '--', 'ls', '-l'])
    expect(exit).toBe(2)
    expect(err).toContain('axle exec --service api -- ls -l')
  })

  it('--json: a line a piece, then the exit code', async () => {
    const { out } = await axle(
      ['exec', '--service', 'api', '--json', '--', 'x'],
      [...output('stderr', 'no'), { t: 'end', exit: 1 }],
    )
    expect(out).toBe(`{"stream":"stderr","base64":"bm8="}\n{"exit":1}\n`)
  })
})
