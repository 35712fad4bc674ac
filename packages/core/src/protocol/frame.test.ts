import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { AxleError } from './errors.ts'
import { decodeFrames, encodeBytes, encodeMessage, type Frame, MAX_BYTES } from './frame.ts'

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function decode(bytes: Uint8Array, size = bytes.length): Promise<readonly Frame[]> {
  const frames: Frame[] = []
  for await (const frame of decodeFrames(inPieces(bytes, Math.max(size, 1)))) frames.push(frame)
  return frames
}

test('what is encoded comes out again, however the stream is cut', async () => {
  const part = fc.oneof(
    fc.jsonValue().map((message) => ({ message })),
    fc.uint8Array({ minLength: 1, maxLength: 500 }).map((bytes) => ({ bytes })),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), async (parts, size) => {
      const encoded = parts.flatMap((one) =>
        'bytes' in one ? [...encodeBytes(one.bytes)] : [encodeMessage(one.message)],
      )
      const frames = await decode(Buffer.concat(encoded), size)
      expect(
        frames.map((one) =>
          one.kind === 'bytes' ? Buffer.from(one.bytes).toString('hex') : JSON.stringify(one.message),
        ),
      ).toEqual(
        parts.map((one) => ('bytes' in one ? Buffer.from(one.bytes).toString('hex') : JSON.stringify(one.message))),
      )
    }),
  )
})

test('a long content is cut into frames that are allowed', async () => {
  const frames = await decode(Buffer.concat([...encodeBytes(Buffer.alloc(MAX_BYTES * 2 + 1))]))
  expect(frames.map((one) => (one.kind === 'bytes' ? one.bytes.length : 0))).toEqual([MAX_BYTES, MAX_BYTES, 1])
})

test.each([
  ['a shell that greets', Buffer.from('Welcome to this host!\n'), 'no frame'],
  ['an oversized frame', Buffer.from([1, 0xff, 0xff, 0xff, 0xff]), 'a frame of'],
  ['a frame that is cut off', encodeMessage({ a: 1 }).subarray(0, -1), 'half a frame'],
  ['a frame without anything', Buffer.from([1, 0, 0, 0, 0]), 'an empty frame'],
  ['a message that is not UTF-8', Buffer.from([0, 0, 0, 0, 3, 0x22, 0xff, 0x22]), 'not JSON'],
  ['a message that is not JSON', Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), Buffer.from('{')]), 'not JSON'],
])('%s is refused in words', async (_what, bytes, words) => {
  await expect(decode(bytes)).rejects.toMatchObject({ code: 'AXLE_WIRE', message: expect.stringContaining(words) })
})

test('any bytes in any chunks are frames, or refused in words', async () => {
  const header = fc.tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1, 3, MAX_BYTES, MAX_BYTES + 1, 0xffffffff))
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc.jsonValue().map(encodeMessage),
    header.map(([kind, length]) => {
      const bytes = Buffer.from([kind, 0, 0, 0, 0])
      bytes.writeUInt32BE(length, 1)
      return bytes
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.integer({ min: 1, max: 60 }), async (parts, size) => {
      const bytes = Buffer.concat(parts)
      try {
        const frames = await decode(bytes, size)
        const lengths = frames.map((one) => (one.kind === 'bytes' ? one.bytes.length : 1))
        expect(lengths.reduce((sum, length) => sum + length + 5, 0)).toBeLessThanOrEqual(bytes.length)
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AxleError)
        expect(thrown).toMatchObject({ code: 'AXLE_WIRE' })
      }
    }),
  )
})

/** Bytes that are copied, and allocated, while a stream is decoded. */
function countBytes(): { copied: number; allocated: number } {
  const counted = { copied: 0, allocated: 0 }
  const { concat, allocUnsafe } = Buffer
  const { set } = Uint8Array.prototype
  const spies = [
    vi.spyOn(Buffer, 'concat').mockImplementation((list, length) => {
      const all = concat(list, length)
      counted.copied += all.length
      counted.allocated += all.length
      return all
    }),
    vi.spyOn(Buffer, 'allocUnsafe').mockImplementation((size) => {
      counted.allocated += size
      return allocUnsafe(size)
    }),
    vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (this: Uint8Array, from, at) {
      counted.copied += from.length
      set.call(this, from, at)
    }),
  ]
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return counted
}

test('a long message in small chunks is copied a few times, not once a chunk', async () => {
  const bytes = encodeMessage('x'.repeat(8_000_000))
  const counted = countBytes()
  expect(await decode(bytes, 16_384)).toHaveLength(1)
  expect(counted.copied).toBeLessThan(4 * bytes.length)
})

test('bytes in small chunks are copied once', async () => {
  const bytes = Buffer.concat([...encodeBytes(Buffer.alloc(4 * MAX_BYTES))])
  const counted = countBytes()
  expect(await decode(bytes, 16_384)).toHaveLength(4)
  expect(counted.copied).toBeLessThanOrEqual(bytes.length)
})

test('frames that lie whole in a chunk are not copied at all', async () => {
  const bytes = Buffer.concat(Array.from({ length: 1_000 }, (_, index) => encodeMessage({ index })))
  const counted = countBytes()
  expect(await decode(bytes)).toHaveLength(1_000)
  expect(counted.copied).toBe(0)
})

test('a header that promises much takes no memory until it comes', async () => {
  const counted = countBytes()
  await expect(decode(Buffer.from([0, 0x03, 0xff, 0xff, 0xff, 1, 2, 3]))).rejects.toMatchObject({ code: 'AXLE_WIRE' })
  expect(counted.allocated).toBeLessThanOrEqual(MAX_BYTES + 100)
})
