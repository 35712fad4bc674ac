import { expect, test } from 'vitest'
import { Bench } from '../../../test/fakes/bench.ts'
import { prepare } from '../deploy/prepare.ts'
import { clockWarning } from './clock.ts'
import { LITTLE, lackOfRoom, needOfTarget } from './disk.ts'
import { availableIn, lackOfMemory } from './memory.ts'

const MB = 1_000_000
const room = (device: number, bytes: number, files: number | undefined = 1_000_000) => ({ device, bytes, files })

test('room: what lies on one file system adds up, and something is spared', () => {
  const store = { path: '/var/lib/axle/store', bytes: 100 * MB, files: 10 }
  const releases = { path: '/opt', bytes: 100 * MB, files: 20 }
  const both = (first: number, second: number, device = 2) =>
    lackOfRoom([
      { ...store, room: room(1, first) },
      { ...releases, room: room(device, second) },
    ])
  expect(both(300 * MB, 300 * MB)).toBeUndefined()
  expect(both(300 * MB, 150 * MB)).toMatchObject({ code: 'AXLE_DISK_FULL', where: '/opt' })
  expect(both(150 * MB, 300 * MB)).toMatchObject({ where: '/var/lib/axle/store' })
  expect(both(250 * MB, 250 * MB, 1)).toMatchObject({ message: expect.stringContaining('needs 268 MB') })
})

test('room: inodes count where the file system counts them', () => {
  const need = { path: '/opt', bytes: 1, files: 50 }
  expect(lackOfRoom([{ ...need, room: room(1, 900 * MB, 249) }])).toMatchObject({
    code: 'AXLE_DISK_FULL',
    message: expect.stringContaining('249 more files (inodes), and this needs 250'),
  })
  expect(lackOfRoom([{ ...need, room: { device: 1, bytes: 900 * MB, files: undefined } }])).toBeUndefined()
})

test('room: who brings nothing needs next to none', () => {
  const need = { path: '/opt', bytes: 0, files: 0, room: room(1, MB, 30) }
  expect(lackOfRoom([need])).toMatchObject({ code: 'AXLE_DISK_FULL' })
  expect(lackOfRoom([need], LITTLE)).toBeUndefined()
  expect(lackOfRoom([{ ...need, room: room(1, 1_000) }], LITTLE)).toMatchObject({ code: 'AXLE_DISK_FULL' })
})

test('room: a release that is laid out already takes nothing', async () => {
  await using bench = await Bench.create()
  const files = await bench.files('one')
  await bench.deploy('one')
  const engine = await bench.engine()
  const [laidOut] = (await prepare(engine, { kind: 'restart' }, undefined, false)).targets
  const entry = { path: 'server', mode: '755', sha256: '0'.repeat(64), size: 9 } as const
  const manifests = { api: [entry, { ...entry, path: 'lib/more' }] }
  const [wanted] = (await prepare(engine, { kind: 'deploy', manifests }, undefined, false)).targets
  engine.state.close()
  if (laidOut === undefined || wanted === undefined) throw new Error('no target')
  expect(laidOut.files).toEqual(files)
  expect(await needOfTarget(bench.host, laidOut)).toMatchObject({ bytes: 0, files: 0 })
  expect((await needOfTarget(bench.host, wanted)).files).toBeGreaterThan(0)
})

test('memory: as much as the live release uses must be left', () => {
  expect(lackOfMemory('api', { available: 100 * MB, live: 100 * MB })).toBeUndefined()
  expect(lackOfMemory('api', { available: 99 * MB, live: 100 * MB })).toMatchObject({
    code: 'AXLE_MEMORY',
    message: 'api uses 100 MB of memory, and its new release would start beside it: the host has 99 MB left.',
  })
  expect(lackOfMemory('api', { available: undefined, live: 1 })).toBeUndefined()
  expect(availableIn('MemTotal: 8 kB\nMemAvailable:    1024 kB\n')).toBe(1024 * 1024)
})

test('clock: a minute is nothing, two hours are told, in either direction', () => {
  const now = '2026-05-01T12:00:00.000Z'
  expect(clockWarning('2026-05-01T12:00:59.000Z', now)).toBeUndefined()
  expect(clockWarning('2026-05-01T14:00:00.000Z', now)).toContain("2 hours ahead of the host's")
  expect(clockWarning('2026-04-28T12:00:00.000Z', now)).toContain('3 days behind')
})
