import { describe, expect, test } from 'vitest'
import { placeServices } from '../src/engine/registry/services.ts'
import { slotOf } from '../src/engine/release/live.ts'
import { readStopped } from '../src/engine/release/stopped.ts'
import { Bench } from './fakes/bench.ts'

/** As `systemctl start api-a` does, behind Axle's back. */
async function startByHand(bench: Bench, config = bench.config()) {
  const [service] = await placeServices(bench.host, config.resolved, false)
  if (service === undefined) throw new Error('no service')
  await bench.supervisor.start(slotOf(service, 'a'))
}

describe('marked as stopped, and started by hand', () => {
  test('it runs, and overlap: false never has two of it', async () => {
    await using bench = await Bench.create()
    const config = bench.config({ overlap: false })
    await bench.deploy('one', config)
    await bench.again('stop', config)
    await startByHand(bench, config)
    const beside: string[] = []
    const start = bench.supervisor.start.bind(bench.supervisor)
    bench.supervisor.start = (slot) => {
      beside.push(...bench.supervisor.servers.keys())
      return start(slot)
    }
    expect(await bench.deploy('two', config)).toMatchObject({ outcome: 'done' })
    expect(beside).toEqual([])
    expect([...bench.supervisor.servers.keys()]).toEqual(['api-b'])
    expect(await readStopped(bench.host, 'api')).toBeUndefined()
  })

  test('a deploy that fails leaves it running', async () => {
    await using bench = await Bench.create()
    const config = bench.config({ overlap: false })
    await bench.deploy('one', config)
    await bench.again('stop', config)
    await startByHand(bench, config)
    bench.supervisor.behaviour = (slot) => (slot.name === 'b' ? 'ends' : { health: 200 })
    expect(await bench.deploy('two', config)).toMatchObject({ outcome: 'failed' })
    expect([...bench.supervisor.servers.keys()]).toEqual(['api-a'])
  })

  test('start makes it official, without a new process', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    await bench.again('stop')
    await startByHand(bench)
    bench.supervisor.calls.length = 0
    expect(await bench.again('start')).toMatchObject({ outcome: 'done' })
    expect(bench.supervisor.calls).toEqual([])
    expect(bench.supervisor.adopted).toBe('api-a')
    expect(await readStopped(bench.host, 'api')).toBeUndefined()
  })

  test('a stop that does not succeed leaves the mark, and what ran', async () => {
    await using bench = await Bench.create()
    await bench.deploy('one')
    await bench.again('stop')
    await startByHand(bench)
    bench.supervisor.disown = () => Promise.reject(new Error('it does not want to'))
    expect(await bench.again('stop')).toMatchObject({ outcome: 'failed' })
    expect([...bench.supervisor.servers.keys()]).toEqual(['api-a'])
    expect(await readStopped(bench.host, 'api')).toBeDefined()
  })
})
