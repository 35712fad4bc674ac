import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Frame } from '../protocol/frame.ts'
import { INPUT_WINDOW } from '../protocol/wire.ts'
import { inputOf } from './input.ts'
import { Mailbox } from './mailbox.ts'

async function* said(...frames: readonly Frame[]): AsyncGenerator<Frame> {
  yield* frames
}

const bytes = (size: number): Frame => ({ kind: 'bytes', bytes: new Uint8Array(size) })
const end: Frame = { kind: 'message', message: { t: 'input-end' } }

async function sizes(input: AsyncIterable<Uint8Array>): Promise<number[]> {
  const seen: number[] = []
  for await (const one of input) seen.push(one.length)
  return seen
}

test('all of it, in order; then the end, and only later the viewer’s', async () => {
  const stays = new Mailbox<Frame>(10)
  for (const frame of [bytes(3), bytes(5), end]) await stays.put(frame)
  let gone = false
  const input = inputOf(stays[Symbol.asyncIterator](), () => {
    gone = true
  })
  expect(await sizes(input)).toEqual([3, 5])
  expect(gone).toBe(false)
  stays.close()
  await sleep(0)
  expect(gone).toBe(true)
})

test('a viewer that goes in the middle is noticed, although nobody takes what it sent', async () => {
  const gone = Promise.withResolvers<void>()
  inputOf(said(bytes(3)), () => gone.resolve())
  await gone.promise
})

test('a viewer that sends more than its window is not listened to any longer', async () => {
  const gone = Promise.withResolvers<void>()
  const input = inputOf(said(bytes(INPUT_WINDOW), bytes(1), bytes(7)), () => gone.resolve())
  await gone.promise
  expect(await sizes(input)).toEqual([INPUT_WINDOW])
})

test('a mailbox holds back who puts faster than is taken', async () => {
  const box = new Mailbox<number>(2)
  let put = 0
  const putting = (async () => {
    for (; put < 10; put++) await box.put(put)
    box.close()
  })()
  await sleep(10)
  expect(put).toBe(2)
  const seen: number[] = []
  for await (const one of box) seen.push(one)
  await putting
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})
