import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WaitingFor } from '../../protocol/wire.ts'
import { LocalHost } from '../host/local-host.ts'
import { testFacts } from '../host/test-host.ts'
import { tryLock } from '../lock/lock.ts'
import { takeTurn } from './turn.ts'

let folder: string
let host: LocalHost
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-turn-'))
  await mkdir(join(folder, 'opt/axle/projects/shop'), { recursive: true })
  host = new LocalHost({ root: folder, facts: testFacts })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const actor = (user: string) => ({ user, host: 'laptop' })
const lock = () => {
  const taken = tryLock(join(folder, 'opt/axle/projects/shop/lock.db'), {
    operation: 'op-1',
    what: 'deploy',
    since: '2026-01-01T00:00:00.000Z',
    pid: process.pid,
    actor: actor('ann'),
  })
  if (taken === undefined) throw new Error('the lock is not free')
  return taken
}

function take(user: string, wait: boolean, signal = new AbortController().signal) {
  const said: WaitingFor[] = []
  const turn = takeTurn(
    host,
    'shop',
    { what: 'deploy', since: '2026-01-01T00:00:01.000Z', actor: actor(user) },
    {
      wait,
      signal,
      onWaiting: async (held) => void said.push(held),
      refresh: async () => {},
    },
  )
  return { said, turn }
}

test('who does not want to wait is told who is first, also where that one only waits', async () => {
  const held = lock()
  await expect(take('bob', false).turn).rejects.toMatchObject({
    code: 'AXLE_LOCKED',
    message: expect.stringContaining('ann@laptop is under way'),
  })
  held.release()
  const first = await take('bob', false).turn
  await expect(take('cyd', false).turn).rejects.toMatchObject({
    message: expect.stringContaining('bob@laptop is next'),
  })
  first[Symbol.dispose]()
  const next = await take('cyd', false).turn
  next[Symbol.dispose]()
})

test('two who wait get their turn in the order in which they came, and learn for whom they wait', async () => {
  const held = lock()
  const order: string[] = []
  const bob = take('bob', true)
  const cyd = take('cyd', true)
  const turns = [
    bob.turn.then((turn) => {
      order.push('bob')
      return turn
    }),
    cyd.turn.then((turn) => {
      order.push('cyd')
      return turn
    }),
  ]
  await sleep(300)
  expect(order).toEqual([])
  held.release()
  const first = await turns[0]
  await sleep(500)
  expect(order).toEqual(['bob'])
  first?.[Symbol.dispose]()
  const second = await turns[1]
  second?.[Symbol.dispose]()
  expect(order).toEqual(['bob', 'cyd'])
  expect(bob.said).toMatchObject([{ operation: 'op-1', actor: { user: 'ann' } }])
  expect(cyd.said.map((one) => one.actor.user)).toEqual(['ann', 'bob'])
})

test('a viewer that leaves takes its place with it', async () => {
  const held = lock()
  const leaving = new AbortController()
  const bob = take('bob', true, leaving.signal)
  const cyd = take('cyd', true)
  await sleep(100)
  leaving.abort()
  await expect(bob.turn).rejects.toMatchObject({ code: 'AXLE_CONNECTION_LOST' })
  held.release()
  const turn = await cyd.turn
  turn[Symbol.dispose]()
})
