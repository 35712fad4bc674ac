import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Queue } from './queue.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-queue-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const who = (user: string) => ({ what: 'deploy', since: '2026-01-01T00:00:00.000Z', actor: { user, host: 'h' } })
const users = (before: readonly { readonly actor: { readonly user: string } }[]) => before.map((one) => one.actor.user)

test('first come, first served, over several who look at the same file', () => {
  const file = join(folder, 'queue.db')
  using one = new Queue(file)
  using other = new Queue(file)
  const ann = one.enter(who('ann'))
  const bob = other.enter(who('bob'))
  const cyd = one.enter(who('cyd'))
  expect(users(ann.before())).toEqual([])
  expect(users(cyd.before())).toEqual(['ann', 'bob'])
  ann.leave()
  expect(users(bob.before())).toEqual([])
  // Who comes again stands at the end.
  expect(users(one.enter(who('ann')).before())).toEqual(['bob', 'cyd'])
})

test('a process that is gone holds no place', async () => {
  using queue = new Queue(join(folder, 'queue.db'))
  const child = spawn('sleep', ['60'])
  queue.enter(who('gone'), child.pid)
  const next = queue.enter(who('next'))
  expect(users(next.before())).toEqual(['gone'])
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(users(next.before())).toEqual([])
})

test('a damaged file is set aside, and made anew', async () => {
  const file = join(folder, 'queue.db')
  for (const damage of [Buffer.from('not a database'.repeat(100)), undefined]) {
    if (damage === undefined) {
      using queue = new Queue(file)
      queue.enter(who('ann'))
      const bytes = await readFile(file)
      await writeFile(file, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)]))
    } else await writeFile(file, damage)
    using queue = new Queue(file)
    const bob = queue.enter(who('bob'))
    expect(users(bob.before())).toEqual([])
    expect(users(queue.enter(who('cyd')).before())).toEqual(['bob'])
    expect((await readFile(`${file}.damaged`)).length).toBeGreaterThan(0)
    bob.leave()
  }
})
