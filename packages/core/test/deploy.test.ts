import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { definePlugin, z } from '../src/index.ts'
import { Bench } from './fakes/bench.ts'

const released = (result: { services: readonly { release?: string | undefined }[] }) => result.services[0]?.release

describe('a deploy with fakes in both roles', () => {
  test('first deploy serves from slot a; a second one, of other files, from slot b', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    expect(first).toMatchObject({ outcome: 'done', exit: 0 })
    expect(await bench.live()).toEqual({ slot: 'a', release: released(first) })
    const second = await bench.deploy('two')
    expect(second).toMatchObject({ outcome: 'done', services: [{ previous: released(first) }] })
    expect(await bench.live()).toEqual({ slot: 'b', release: released(second) })
    expect(bench.supervisor.adopted).toBe('api-b')
    expect(bench.supervisor.calls).toEqual(['start api-a', 'start api-b'])
    await bench.retired()
    expect(bench.supervisor.calls.at(-1)).toBe('stop api-a')
  })

  test('the same files again: nothing to do, and nothing done', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    const calls = bench.supervisor.calls.length
    expect(await bench.deploy('one')).toMatchObject({ outcome: 'unchanged', exit: 0 })
    expect(bench.supervisor.calls).toHaveLength(calls)
  })

  test('a release that never gets healthy is never live; the reason and its last lines are in the result', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    bench.supervisor.behaviour = () => ({ health: 500 })
    const second = await bench.deploy('two')
    expect(second).toMatchObject({
      outcome: 'failed',
      exit: 1,
      code: 'AXLE_UNHEALTHY',
      error: { output: 'last words of b' },
    })
    expect(released(second)).toBe(released(first))
    expect(await bench.live()).toEqual({ slot: 'a', release: released(first) })
    expect(bench.events.some((event) => event.type === 'live' && event.slot === 'b')).toBe(false)
    expect([...bench.supervisor.servers.keys()]).toEqual(['api-a'])
  })

  test('a first deploy that fails leaves nothing behind outside /opt/axle and /var/lib/axle', async () => {
    await using bench = await Bench.create()
    bench.supervisor.behaviour = () => 'ends'
    expect(await bench.deploy('one')).toMatchObject({ outcome: 'failed', exit: 1 })
    expect(await bench.host.list('/opt')).toEqual(['axle'])
    expect(await bench.host.list('/usr/local/bin')).toEqual([])
  })

  test('a gateway that does not show the release: the flag goes back', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    bench.gateway.broken = true
    expect(await bench.deploy('two')).toMatchObject({ outcome: 'failed', code: 'AXLE_GATEWAY' })
    expect(await bench.live()).toEqual({ slot: 'a', release: released(first) })
    expect(bench.supervisor.adopted).toBe('api-a')
  }, 20_000)

  test('a rollback goes to the last release that served well; warm, it starts nothing', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    await bench.deploy('two')
    const starts = bench.supervisor.calls.length
    const back = await bench.rollback()
    expect(back).toMatchObject({ outcome: 'done', services: [{ release: released(first) }] })
    expect(bench.supervisor.calls).toHaveLength(starts)
  })

  test('a cold rollback starts the recorded release again', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    await bench.deploy('two')
    await bench.retired()
    expect(await bench.rollback()).toMatchObject({ outcome: 'done', services: [{ release: released(first) }] })
    expect(bench.supervisor.calls.at(-1)).toBe('start api-a')
  })

  test('a rollback to a release that is not there names those that are', async () => {
    await using bench = await Bench.create()
    const first = await bench.deploy('one')
    const result = await bench.rollback('0123456789ab')
    expect(result).toMatchObject({ outcome: 'failed', exit: 2, code: 'AXLE_UNKNOWN' })
    expect(await bench.live()).toMatchObject({ release: released(first) })
  })

  test('overlap: false stops the old one first, and starts it again when the new one fails', async () => {
    await using bench = await Bench.create()
    const config = bench.config({ overlap: false })
    await bench.deploy('one', config)
    bench.supervisor.behaviour = () => 'ends'
    bench.supervisor.calls.length = 0
    const old = bench.supervisor.behaviour
    bench.supervisor.behaviour = (slot) => (slot.name === 'b' ? old(slot) : { health: 200 })
    expect(await bench.deploy('two', config)).toMatchObject({ outcome: 'failed' })
    expect(bench.supervisor.calls).toEqual(['stop api-a', 'start api-b', 'stop api-b', 'start api-a'])
    expect(await bench.live()).toMatchObject({ slot: 'a' })
  })

  test('releases beyond `keep` are removed once the old slot is retired', async () => {
    await using bench = await Bench.create()
    for (const text of ['one', 'two', 'three', 'four']) {
      await bench.deploy(text)
      await bench.retired()
    }
    expect(await bench.host.list('/opt/api/releases')).toHaveLength(2)
  })

  test('a retire unit that was ended in the middle leaves nothing for ever', async () => {
    await using bench = await Bench.create()
    const releases = () => bench.host.list('/opt/api/releases')
    const first = (await bench.deploy('one')).services[0]?.release
    await bench.deploy('two')
    await bench.retired()
    await bench.deploy('three')
    const remove = bench.host.remove.bind(bench.host)
    bench.host.remove = async (path, options) => {
      if (path.endsWith('.gone') && (await bench.host.stat(path)) !== undefined) throw new Error('killed')
      return remove(path, options)
    }
    await expect(bench.retired()).rejects.toThrow('killed')
    bench.host.remove = remove
    expect(await releases()).toContain(`.${first}.gone`)
    // And what ends in other places left.
    for (const name of ['.0123456789ab.tmp', '0123456789ab'])
      await bench.host.makeDirectory(`/opt/api/releases/${name}`, { mode: '755' })
    await bench.host.write('/var/lib/axle/secrets/api/0123456789ab.env', '', { mode: '600' })
    bench.background.running.clear()
    await bench.deploy('four')
    await bench.retired()
    const kept = await releases()
    expect(kept).toHaveLength(2)
    const copies = await bench.host.list('/var/lib/axle/secrets/api')
    expect(copies.filter((name) => name !== 'current.env').toSorted()).toEqual(kept.map((id) => `${id}.env`).toSorted())
  })

  test('what exists and is not ours is refused by name', async () => {
    await using bench = await Bench.create()
    await bench.host.makeDirectory('/opt/api', { mode: '755' })
    expect(await bench.deploy('one')).toMatchObject({
      outcome: 'failed',
      exit: 1,
      code: 'AXLE_NOT_OURS',
      error: { where: '/opt/api' },
    })
  })
})

describe('a plugin of a test, through the public API alone', () => {
  const watcher = (vetoes: boolean, checkOk = true) =>
    definePlugin({
      name: 'watcher',
      core: '*',
      options: z.strictObject({ motd: z.string() }),
      contribute: ({ options, services }) => ({
        resources: services.map((service) => ({
          kind: 'file',
          id: `/etc/${service.name}.motd`,
          scope: 'service' as const,
          service: service.name,
          phase: 'before' as const,
          spec: { content: options.motd, mode: '644' },
        })),
        checks: [{ id: 'own', kind: 'answers', options: {}, within: 1_000, gates: 'candidate', severity: 'critical' }],
      }),
      probes: { answers: async () => ({ ok: checkOk, detail: 'it says so' }) },
      hooks: {
        'deploy:preflight': () => {
          if (vetoes) throw new Error('not on a Friday')
        },
      },
    })

  test('its file is there, and goes when the plugin goes', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one', bench.config({}, [watcher(false)({ motd: 'hello' })]))
    expect(await bench.host.read('/etc/api.motd')).toBe('hello')
    await bench.deploy('two')
    expect(await bench.host.read('/etc/api.motd')).toBeUndefined()
  })

  test('its hook vetoes before anything is changed, and core says whose it was', async () => {
    await using bench = await Bench.create()
    const result = await bench.deploy('one', bench.config({}, [watcher(true)({ motd: 'hello' })]))
    expect(result).toMatchObject({
      code: 'AXLE_HOOK',
      exit: 1,
      error: { message: 'not on a Friday', stamp: { plugin: 'watcher', hook: 'deploy:preflight' } },
    })
    expect(await bench.host.list('/opt')).toEqual(['axle'])
  })

  test('its check gates the candidate', async () => {
    await using bench = await Bench.create()
    const result = await bench.deploy('one', bench.config({}, [watcher(false, false)({ motd: 'hello' })]))
    expect(result).toMatchObject({ code: 'AXLE_CHECK', error: { message: 'Check own failed: it says so.' } })
  })
})

describe('what a failure leaves', () => {
  const config = (bench: Bench, motd: string, phase: 'before' | 'switch') =>
    bench.config({}, [
      definePlugin({
        name: 'page',
        core: '*',
        options: z.strictObject({ text: z.string() }),
        contribute: ({ options, services }) => ({
          resources: services.flatMap(({ name }) => [
            {
              kind: 'file',
              id: '/etc/page',
              scope: 'service',
              service: name,
              phase,
              spec: { content: options.text, mode: '644' },
            },
            {
              kind: 'directory',
              id: '/var/lib/api',
              scope: 'service',
              service: name,
              phase: 'before',
              spec: { mode: '755' },
            },
          ]),
        }),
      })({ text: motd }),
    ])

  test('what the live release leans on is as it was, whatever phase it belongs to', async () => {
    for (const phase of ['before', 'switch'] as const) {
      await using bench = await Bench.create()
      await bench.deploy('one', config(bench, 'one', phase))
      bench.gateway.broken = true
      expect(await bench.deploy('two', config(bench, 'two', phase))).toMatchObject({ outcome: 'failed' })
      expect(await bench.host.read('/etc/page')).toBe('one')
      bench.gateway.broken = false
      expect(await bench.deploy('two', config(bench, 'two', phase))).toMatchObject({ outcome: 'done' })
      expect(await bench.host.read('/etc/page')).toBe('two')
      expect(await bench.rollback()).toMatchObject({ outcome: 'done' })
    }
  }, 40_000)

  test('a first release that wrote data and failed can be deployed again', async () => {
    await using bench = await Bench.create()
    bench.supervisor.behaviour = () => {
      writeFileSync(bench.host.path('/var/lib/api/data'), 'something')
      return 'ends'
    }
    expect(await bench.deploy('one', config(bench, 'one', 'before'))).toMatchObject({ outcome: 'failed' })
    expect(await bench.host.list('/var/lib')).toEqual(['axle'])
    bench.supervisor.behaviour = () => ({ health: 200 })
    expect(await bench.deploy('one', config(bench, 'one', 'before'))).toMatchObject({ outcome: 'done' })
  })

  test('a missing `current` makes no first deploy of the next', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    await bench.host.remove('/opt/api/current')
    await bench.deploy('two')
    expect(bench.supervisor.calls).toEqual(['start api-a', 'start api-b'])
  })
})
