import { describe, expect, it } from 'vitest'
import type { Event } from '../protocol/events.ts'
import type { FromHost } from '../protocol/wire.ts'
import type { Heard, Note } from './connect.ts'
import { accepted, axle, begun, stamp } from './testing/fake-axle.ts'

describe('how much is shown', () => {
  const debug = stamp({ type: 'log', level: 'debug', source: 'core', message: 'looked twice' }, 1)
  const services = [{ service: 'api', outcome: 'done', release: 'aaaaaaaaaaaa' } as const]
  const done = stamp({ type: 'result', outcome: 'done', exit: 0, services }, 2)
  const run = (events: readonly Event[]): FromHost[] => [
    ...events.map((event): FromHost => ({ t: 'event', event })),
    { t: 'end', exit: 0 },
  ]

  it('--quiet: one line of a success', async () => {
    const { out, err } = await axle('deploy --quiet', run([begun, debug, done]), {
      note: { kind: 'step', step: 'prepare', state: 'started' },
    })
    expect(out).toMatch(/^✓ deploy done in \S+ s: api aaaaaaaaaaaa\n$/)
    expect(err).toBe('')
  })

  it('--quiet: all of a failure, on stderr', async () => {
    const error = { code: 'AXLE_UNHEALTHY', message: 'GET /health answered 503', exit: 1 }
    const failed = stamp({ type: 'result', outcome: 'failed', exit: 1, error, services: [] }, 2)
    const { out, err, exit } = await axle('deploy -q', run([begun, failed]))
    expect(out).toBe('')
    expect(err).toContain('GET /health answered 503')
    expect(err).toContain('what served before still serves')
    expect(exit).toBe(1)
  })

  it('--quiet: what was left is accepted, on one line', async () => {
    const { out, err, exit } = await axle('deploy -q --detach', [accepted])
    expect(out).toBe('✓ accepted: operation op1 goes on on the host\n')
    expect({ err, exit }).toEqual({ err: '', exit: 0 })
  })

  it('exec: its output is what it is; --verbose tells of the way on stderr', async () => {
    const note: Note = { kind: 'detail', text: 'engine abc' }
    const said: Heard[] = [
      { t: 'output', stream: 'stdout', size: 3 },
      { t: 'bytes', bytes: Buffer.from('out') },
      { t: 'end', exit: 7 },
    ]
    for (const flag of ['', ' --quiet', ' --verbose']) {
      const { out, err, exit } = await axle(`exec --service api${flag} -- x`, said, { note })
      expect({ out, exit }).toEqual({ out: 'out', exit: 7 })
      expect(err.includes('engine abc')).toBe(flag === ' --verbose')
    }
    const cause = new Error('handshake')
    expect((await axle('exec --verbose -- x', [], { cause })).err).toContain('caused by Error: handshake')
  })

  it('--verbose: debugging words, what is sent, times; --json stays as it is', async () => {
    const note: Note = { kind: 'detail', text: 'engine abc' }
    const usual = await axle('deploy', run([begun, debug, done]), { note })
    expect(usual.out).not.toMatch(/looked twice|engine abc/)
    const verbose = await axle('deploy --verbose', run([begun, debug, done]), { note })
    expect(verbose.out).toMatch(/^ +0\.\d{3} engine abc\n/)
    expect(verbose.out).toContain('debug: core: looked twice')
    const json = await axle('deploy --json', run([begun, debug, done]))
    for (const flag of ['--verbose', '--quiet'])
      expect((await axle(`deploy --json ${flag}`, run([begun, debug, done]), { note })).out).toBe(json.out)
  })

  it('--verbose: what caused an error, and what caused that', async () => {
    const cause = new Error('handshake', { cause: new Error('socket hang up') })
    for (const command of ['deploy', 'status']) {
      const { out, err } = await axle(`${command} --verbose`, [], { cause })
      expect(out + err).toMatch(/caused by Error: handshake\n.*caused by Error: socket hang up/)
      const usual = await axle(command, [], { cause })
      expect(usual.out + usual.err).not.toContain('handshake')
    }
  })

  it.each([
    ['', {}, false],
    ['', { FORCE_COLOR: '1' }, true],
    ['', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['', { FORCE_COLOR: '1', NO_COLOR: '' }, true],
    ['', { FORCE_COLOR: '0' }, false],
    [' --no-color', { FORCE_COLOR: '1' }, false],
  ])('colours with "%s" and %o: %s', async (flag, env, coloured) => {
    const { out } = await axle(`deploy${flag}`, run([begun, done]), { env })
    expect(out.includes('\u001b[')).toBe(coloured)
    const { err } = await axle(`deploy --hots${flag}`, [], { env })
    expect(err.includes('\u001b[')).toBe(coloured)
  })

  it.each([
    ['before the host took it over', { t: 'error', error: { code: 'AXLE_LOCKED', message: 'bob', exit: 4 } }, []],
    ['by a dead engine', { t: 'error', error: { code: 'AXLE_ENGINE_DIED', message: 'died', exit: 1 } }, [accepted]],
  ] as const)('a failure ends with what serves: %s', async (_when, error, before) => {
    const { out } = await axle('deploy', [...before, error])
    expect(out.trim().split('\n').at(-1)).toMatch(
      before.length === 0 ? /^Nothing was changed: what served before/ : /What serves now only the host knows/,
    )
  })
})
