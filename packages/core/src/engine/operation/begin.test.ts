import { expect, it } from 'vitest'
import type { Event } from '../../protocol/events.ts'
import type { Background } from '../background/background.ts'
import { beginOperation } from './begin.ts'

const self = { node: '/node', enginePath: '/engine' }
const operation = { project: 'shop', operation: 'op', unit: 'axle-shop-op.service' }
const event: Event = {
  v: 1,
  op: 'op',
  seq: 0,
  time: '2026-01-01T00:00:00.000Z',
  type: 'log',
  level: 'info',
  message: 'begun',
  source: 'core',
}

/** `lives`: whether the engine of each start, a waiting one first, comes as far as an event. */
function bench(waits: boolean, lives: readonly boolean[], settings: { readonly late?: boolean } = {}) {
  const started: string[] = []
  let engines = waits ? 1 : 0
  let known = waits
  const background: Background = {
    start: async (unit) => {
      started.push(unit)
      engines += 1
      known = true
      if (settings.late === true) throw new Error('already loaded')
    },
    stop: async () => {},
    active: async () => known,
    known: async () => known,
  }
  async function* follow(): AsyncGenerator<Event> {
    if (lives[engines - 1] === true) yield event
    else known = false
  }
  return { started, begin: () => beginOperation(self, operation, background, follow) }
}

it('takes the engine that waits, and starts none', async () => {
  const { started, begin } = bench(true, [true])
  expect((await begin()).first.value).toEqual(event)
  expect(started).toEqual([])
})

it('starts one where none waits, and does not mind that another came first', async () => {
  const one = bench(false, [true])
  expect((await one.begin()).first.value).toEqual(event)
  expect(one.started).toHaveLength(1)
  const late = bench(false, [true], { late: true })
  expect((await late.begin()).first.value).toEqual(event)
})

it('starts another where the one that waited died before it began', async () => {
  const { started, begin } = bench(true, [false, true])
  expect((await begin()).first.value).toEqual(event)
  expect(started).toHaveLength(1)
})

it('ends without an event where none can live', async () => {
  expect((await bench(true, [false, false]).begin()).first.done).toBe(true)
})
