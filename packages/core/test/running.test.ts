import { chmod } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readStopped } from '../src/engine/release/stopped.ts'
import { plan } from '../src/engine/serve/queries/plan.ts'
import { status } from '../src/engine/serve/queries/status.ts'
import { definePlugin, z } from '../src/index.ts'
import { Bench } from './fakes/bench.ts'

const releaseOf = (result: { services: readonly { release?: string | undefined }[] }) => result.services[0]?.release

async function statusOf(bench: Bench) {
  const engine = await bench.engine()
  try {
    return (await status(engine, undefined)).services[0]
  } finally {
    engine.state.close()
  }
}

describe('restart', () => {
  test('the same release in the other slot, then the old one is retired', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    bench.supervisor.calls.length = 0
    const again = await bench.again('restart')
    expect(again).toMatchObject({
      outcome: 'done',
      services: [{ release: releaseOf(first), previous: releaseOf(first) }],
    })
    expect(bench.supervisor.calls).toEqual(['start api-b'])
    expect(await bench.live()).toEqual({ slot: 'b', release: releaseOf(first) })
    await bench.retired()
    expect(bench.supervisor.calls.at(-1)).toBe('stop api-a')
    await bench.again('restart')
    expect(await bench.live()).toEqual({ slot: 'a', release: releaseOf(first) })
  })

  test('the new process has the secrets of today', async () => {
    await using bench = await Bench.create()
    const config = bench.config()
    const [service] = config.resolved.services
    if (service === undefined) throw new Error('no service')
    const secretive = { ...service, env: { KEY: { secret: 'KEY', optional: false } } }
    const asking = { ...config, resolved: { ...config.resolved, services: [secretive] } }
    const set = async (value: string) => {
      const engine = await bench.engine(asking)
      await engine.secrets.set('api', 'KEY', value)
      engine.state.close()
    }
    await set('yesterday')
    await bench.deploy('one', asking)
    await set('today')
    await bench.again('restart', asking)
    expect(await bench.host.read('/opt/api/slots/a.env')).toContain('yesterday')
    expect(await bench.host.read('/opt/api/slots/b.env')).toContain('today')
    const engine = await bench.engine(asking)
    await engine.secrets.unset('api', 'KEY')
    engine.state.close()
    expect(await bench.again('restart', asking)).toMatchObject({
      outcome: 'failed',
      code: 'AXLE_SECRET_MISSING',
      exit: 2,
    })
  })

  test('a process that does not become healthy: what served goes on, and the release keeps its good name', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    bench.supervisor.behaviour = () => ({ health: 500 })
    expect(await bench.again('restart')).toMatchObject({ outcome: 'failed', code: 'AXLE_UNHEALTHY' })
    expect(await bench.live()).toEqual({ slot: 'a', release: releaseOf(first) })
    expect([...bench.supervisor.servers.keys()]).toEqual(['api-a'])
    expect(await bench.host.list('/opt/api/releases')).toEqual([releaseOf(first)])
  })

  test('it does not change what a rollback means', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    await bench.deploy('two')
    await bench.retired()
    await bench.again('restart')
    await bench.retired()
    expect(await bench.rollback()).toMatchObject({ outcome: 'done', services: [{ release: releaseOf(first) }] })
  })

  test('overlap: false stops first, and its plan says so', async () => {
    await using bench = await Bench.create()
    const config = bench.config({ overlap: false })
    const first = await bench.deploy('one', config)
    const engine = await bench.engine(config)
    const planned = await plan(engine, { kind: 'restart' }, undefined)
    engine.state.close()
    expect(planned.services).toMatchObject([{ action: 'restart', release: releaseOf(first), slot: 'b', gap: true }])
    bench.supervisor.calls.length = 0
    await bench.again('restart', config)
    expect(bench.supervisor.calls).toEqual(['stop api-a', 'start api-b'])
  })

  test('what was never deployed cannot be restarted', async () => {
    await using bench = await Bench.create()
    expect(await bench.again('restart')).toMatchObject({ outcome: 'failed', code: 'AXLE_UNKNOWN', exit: 2 })
  })
})

describe('stop and start', () => {
  test('stop ends both slots and the name; status says who; start brings it back', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    await bench.deploy('two')
    const stopped = await bench.again('stop')
    expect(stopped).toMatchObject({ outcome: 'done', exit: 0 })
    expect(releaseOf(stopped)).toBeUndefined()
    expect(bench.supervisor.servers.size).toBe(0)
    expect(bench.supervisor.adopted).toBeUndefined()
    expect(await statusOf(bench)).toMatchObject({
      healthy: false,
      reason: expect.stringContaining('stopped by ann@laptop'),
      stopped: { actor: { user: 'ann' } },
    })
    expect(await bench.again('stop')).toMatchObject({ outcome: 'unchanged' })
    const started = await bench.again('start')
    expect(started).toMatchObject({ outcome: 'done' })
    expect(releaseOf(started)).not.toBe(releaseOf(first))
    expect(await statusOf(bench)).toMatchObject({ healthy: true, live: { state: 'active' } })
    expect((await statusOf(bench))?.stopped).toBeUndefined()
    expect(bench.supervisor.adopted).toBeDefined()
    expect(await bench.again('start')).toMatchObject({ outcome: 'unchanged' })
  })

  test('a deploy of the same files starts it again', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    await bench.again('stop')
    expect(await bench.deploy('one')).toMatchObject({ outcome: 'done' })
    expect(await statusOf(bench)).toMatchObject({ healthy: true })
    expect(await readStopped(bench.host, 'api')).toBeUndefined()
  })

  test('a deploy that fails leaves it stopped', async () => {
    await using bench = await Bench.create()
    const config = bench.config({ overlap: false })
    await bench.deploy('one', config)
    await bench.again('stop', config)
    bench.supervisor.behaviour = () => 'ends'
    const failed = await bench.deploy('two', config)
    expect(failed).toMatchObject({ outcome: 'failed' })
    expect(releaseOf(failed)).toBeUndefined()
    expect(bench.supervisor.servers.size).toBe(0)
    expect(bench.supervisor.adopted).toBeUndefined()
    expect(await statusOf(bench)).toMatchObject({ stopped: { actor: { user: 'ann' } } })
  })

  test('a deploy of the same files that fails leaves it stopped', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    await bench.again('stop')
    bench.supervisor.behaviour = () => ({ health: 404 })
    expect(await bench.deploy('one')).toMatchObject({ outcome: 'failed', code: 'AXLE_UNHEALTHY' })
    expect(bench.supervisor.servers.size).toBe(0)
    expect(bench.supervisor.adopted).toBeUndefined()
    expect(await readStopped(bench.host, 'api')).toBeDefined()
  }, 20_000)

  test('a repair that fails does not stop what ran before it', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    const plugin = definePlugin({
      name: 'motd',
      core: '*',
      options: z.strictObject({}),
      contribute: () => ({
        resources: [],
        checks: [{ id: 'own', kind: 'no', options: {}, within: 1_000, gates: 'candidate', severity: 'critical' }],
      }),
      probes: { no: async () => ({ ok: false, detail: 'never' }) },
    })
    // Something around it differs.
    await chmod(bench.host.path('/opt/api'), 0o700)
    expect(await bench.deploy('one', bench.config({}, [plugin({})]))).toMatchObject({ code: 'AXLE_CHECK' })
    expect([...bench.supervisor.servers.keys()]).toEqual(['api-a'])
  })

  test('a release whose record is damaged can be stopped', async () => {
    await using bench = await Bench.create()
    const release = releaseOf(await bench.deploy('one'))
    await bench.host.write(`/opt/api/releases/${release}/release.json`, '{', { mode: '644' })
    expect(await bench.again('stop')).toMatchObject({ outcome: 'done' })
    expect(bench.supervisor.servers.size).toBe(0)
    expect(await bench.again('stop')).toMatchObject({ outcome: 'unchanged' })
  })

  test('a mark that cannot be read is a mark', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    await bench.again('stop')
    await bench.host.write('/opt/api/stopped.json', '', { mode: '644' })
    expect(await statusOf(bench)).toMatchObject({ reason: expect.stringContaining('stopped by somebody unknown') })
    expect(await bench.again('stop')).toMatchObject({ outcome: 'unchanged' })
    expect(bench.events).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('stopped.json cannot be read') }),
    )
    expect(await bench.again('start')).toMatchObject({ outcome: 'done' })
    expect(await readStopped(bench.host, 'api')).toBeUndefined()
  })

  test('a stop that does not succeed is undone', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    const stop = bench.supervisor.stop.bind(bench.supervisor)
    let refused = false
    bench.supervisor.stop = async (slot) => {
      if (slot.name === 'a' && !refused) {
        refused = true
        throw new Error('it does not want to')
      }
      return stop(slot)
    }
    expect(await bench.again('stop')).toMatchObject({ outcome: 'failed' })
    expect(await statusOf(bench)).toMatchObject({ healthy: true })
    expect(bench.supervisor.adopted).toBe('api-a')
    expect(await readStopped(bench.host, 'api')).toBeUndefined()
  })
})
