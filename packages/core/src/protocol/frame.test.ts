import fc from 'fast-check'
import { expect, test } from 'vitest'
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
  ['a message that is not JSON', Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), Buffer.from('{')]), 'not JSON'],
])('%s is refused in words', async (_what, bytes, words) => {
  await expect(decode(bytes)).rejects.toMatchObject({ code: 'AXLE_WIRE', message: expect.stringContaining(words) })
})
