import { writeSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EventBody, event } from '../../protocol/events.ts'
import { EventLog } from './event-log.ts'

let folder: string
let room: number
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-events-'))
  room = Number.POSITIVE_INFINITY
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A disk with so much room: the last write takes what still fits, as write(2) does. */
function put(fd: number, bytes: Buffer): number {
  if (room === 0) throw new Error('ENOSPC: no space left on device, write')
  const written = writeSync(fd, bytes.subarray(0, Math.min(bytes.length, room)))
  room -= written
  return written
}

const open = () => new EventLog(join(folder, 'events.ndjson'), 'op', (text) => text, put)
const lines = async () =>
  (await readFile(join(folder, 'events.ndjson'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => event.parse(JSON.parse(line)))
const result: EventBody = { type: 'result', outcome: 'done', exit: 0, services: [] }

test('what had no room is written, whole and in order, once there is some', async () => {
  const log = open()
  log.logger('core').info('one')
  room = 10
  log.logger('core').info('two')
  log.logger('core').info('three')
  expect(await readFile(join(folder, 'events.ndjson'), 'utf8')).toMatch(/\n\{"v":1,"op"?.{0,4}$/)
  room = Number.POSITIVE_INFINITY
  log.logger('core').info('four')
  expect(await log.end(log.prepare(result))).toBe(true)
  expect((await lines()).map((one) => (one.type === 'log' ? one.message : one.type))).toEqual([
    'one',
    'two',
    'three',
    'four',
    'result',
  ])
})

test('the result is tried again by itself', async () => {
  const log = open()
  room = 0
  const ending = log.end(log.prepare(result))
  room = Number.POSITIVE_INFINITY
  expect(await ending).toBe(true)
  expect(await lines()).toMatchObject([{ type: 'result' }])
})

test('more than may wait is lost, and that is said', async () => {
  const log = open()
  room = 0
  for (let count = 0; count < 30; count++) log.logger('core').info('x'.repeat(100_000))
  room = Number.POSITIVE_INFINITY
  log.logger('core').info('flushes')
  await log.end(log.prepare(result))
  const said = (await lines()).flatMap((one) => (one.type === 'log' && one.level === 'warning' ? [one.message] : []))
  expect(said).toEqual([expect.stringMatching(/^\d+ events of this operation could not be written/)])
})

test('an event of no known form makes no failure of who tells it', async () => {
  const log = open()
  log.emit({ type: 'step', step: 'apply', state: 'done', ms: Number.NaN })
  await log.end(log.prepare(result))
  expect((await lines()).map((one) => one.type)).toEqual(['log', 'result'])
})
