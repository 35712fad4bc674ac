import { expect, test } from 'vitest'
import { operate } from '../src/engine/deploy/operate.ts'
import { flagSlot, occupant } from '../src/engine/release/live.ts'
import { definePlugin, z } from '../src/index.ts'
import type { EventBody } from '../src/protocol/events.ts'
import { Bench } from './fakes/bench.ts'

function full(): never {
  throw new Error('ENOSPC: no space left on device, write')
}

/** Fails what serves already: everything up to there is to be undone. */
const picky = definePlugin({
  name: 'picky',
  core: '*',
  options: z.strictObject({}),
  contribute: () => ({
    resources: [],
    checks: [{ id: 'own', kind: 'no', options: {}, within: 1_000, gates: 'gateway', severity: 'critical' }],
  }),
  probes: { no: async () => ({ ok: false, detail: 'never' }) },
})

/** A deploy over one that serves, of which nothing can be told from its nth event on. Answers how many there were. */
async function untoldFrom(nth: number, broken: boolean): Promise<number> {
  await using bench = await Bench.create()
  const first = await bench.deploy('one')
  const engine = await bench.engine(bench.config({}, broken ? [picky({})] : []))
  let count = 0
  const log = { debug: full, info: full, warning: full, error: full }
  const context = {
    engine: { ...engine, log },
    operation: 'op-untold',
    actor: { user: 'ann', host: 'laptop' },
    signal: new AbortController().signal,
    now: false,
    emit: (_: EventBody) => {
      count++
      if (count >= nth) full()
    },
  }
  const result = await operate(context, { kind: 'deploy', manifests: { api: await bench.files('two') } }, undefined)
  engine.state.close()
  const old = first.services[0]?.release
  const slot = await flagSlot(bench.host, 'api')
  const live = await bench.live()
  const wanted = broken ? 'a' : 'b'
  expect({ nth, outcome: result.outcome, slot }).toEqual({ nth, outcome: broken ? 'failed' : 'done', slot: wanted })
  expect(bench.supervisor.adopted).toBe(`api-${wanted}`)
  expect(bench.supervisor.servers.has(`api-${wanted}`)).toBe(true)
  expect(live.release === old).toBe(broken)
  expect(await occupant(bench.host, 'api', slot)).toBe(live.release)
  if (broken) expect([...bench.supervisor.servers.keys()]).toEqual(['api-a'])
  return count
}

test.each([
  ['that succeeds', false],
  ['that fails', true],
])(
  'a deploy %s ends as it would, whichever of its events is the first that cannot be written',
  async (_, broken) => {
    const events = await untoldFrom(Number.POSITIVE_INFINITY, broken)
    expect(events).toBeGreaterThan(10)
    for (let nth = 1; nth <= events; nth++) await untoldFrom(nth, broken)
  },
  60_000,
)
