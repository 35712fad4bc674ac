import { appendFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EventBody } from '../../protocol/events.ts'
import { EventLog } from './event-log.ts'
import { followEvents } from './follow-events.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-events-'))
  file = join(folder, 'events.ndjson')
  await writeFile(file, '')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const never = new AbortController().signal
const log = () => new EventLog(file, 'op-1', (text) => text)
const result: EventBody = { type: 'result', outcome: 'done', exit: 0, services: [] }

test('what was written before, what comes, and then the end; nobody is asked while lines come', async () => {
  const events = log()
  events.emit({ type: 'step', step: 'é', state: 'started' })
  let asked = 0
  const seen: string[] = []
  for await (const event of followEvents(file, async () => ++asked > 0, never)) {
    seen.push(event.type)
    if (seen.length < 3) events.emit(seen.length === 1 ? { type: 'step', step: 'two', state: 'done', ms: 1 } : result)
  }
  expect(seen).toEqual(['step', 'step', 'result'])
  expect(asked).toBe(0)
})

test('a line that comes in two halves is one event', async () => {
  const following = followEvents(file, async () => true, never)
  const next = following.next()
  const line = JSON.stringify({ v: 1, op: 'o', seq: 0, time: new Date().toISOString(), ...result })
  appendFileSync(file, line.slice(0, 20))
  await sleep(50)
  appendFileSync(file, `${line.slice(20)}\n`)
  expect((await next).value).toMatchObject({ type: 'result' })
  expect((await following.next()).done).toBe(true)
})

test('a writer that died ends it, after its last words', async () => {
  const seen: string[] = []
  const alive = async () => {
    log().emit({ type: 'step', step: 'last words', state: 'started' })
    return false
  }
  for await (const event of followEvents(file, alive, never)) seen.push(event.type)
  expect(seen).toEqual(['step'])
})

test('a viewer that leaves ends it at once', async () => {
  const left = new AbortController()
  const following = followEvents(file, async () => true, left.signal)
  const next = following.next()
  await sleep(20)
  left.abort()
  expect((await next).done).toBe(true)
})
