import { FRAME } from '../../src/protocol/frame.ts'
import type { Random } from './random.ts'

/** A frame as it lies on the wire; its header may lie. */
export interface Raw {
  readonly kind: number
  readonly length: number
  readonly payload: Buffer
}

export const message = (value: unknown): Raw => raw(FRAME.message, Buffer.from(JSON.stringify(value)))
export const bytes = (payload: Uint8Array): Raw => raw(FRAME.bytes, Buffer.from(payload))
const raw = (kind: number, payload: Buffer): Raw => ({ kind, length: payload.length, payload })

export function encode(frames: readonly Raw[]): Buffer {
  return Buffer.concat(
    frames.flatMap(({ kind, length, payload }) => {
      const header = Buffer.alloc(5)
      header.writeUInt8(kind & 0xff, 0)
      header.writeUInt32BE(length >>> 0, 1)
      return [header, payload]
    }),
  )
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  2 ** 53,
  0.5,
  '',
  '\0',
  '../x',
  '/etc/passwd',
  'a\nb',
  '%n$(reboot)',
  'x'.repeat(5_000),
  [],
  {},
  [[[]]],
  { t: 'hello' },
  '0'.repeat(64),
]
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '..', 't', 'length'] as const

type Change = (value: unknown, random: Random) => unknown

/** Another value in its place; a key more, less or with another name; the items of an array shuffled. */
const changes: readonly Change[] = [
  (_value, random) => random.pick(STRANGE),
  (value, random) => {
    if (Array.isArray(value)) return [...value, ...value.slice(random.below(value.length + 1))]
    return isObject(value) ? withKey(value, random.pick(KEYS), random.pick(STRANGE)) : random.pick(STRANGE)
  },
  (value, random) => {
    if (Array.isArray(value)) return value.filter(() => random.below(3) > 0)
    if (!isObject(value)) return random.pick(STRANGE)
    const gone = random.below(Math.max(1, Object.keys(value).length))
    return Object.fromEntries(Object.entries(value).filter((_, index) => index !== gone))
  },
  (value) => (Array.isArray(value) ? value.toReversed() : [value]),
]

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** By text: an object that is written in a program cannot have an own key `__proto__` so easily. */
function withKey(value: Readonly<Record<string, unknown>>, key: string, item: unknown): unknown {
  const rest = JSON.stringify(value).slice(1)
  const entry = `${JSON.stringify(key)}:${JSON.stringify(item)}`
  return JSON.parse(rest === '}' ? `{${entry}}` : `{${entry},${rest}`)
}

/** Goes down to a random place, and changes what is there. */
export function mutateValue(value: unknown, random: Random): unknown {
  const deeper = random.below(5) > 0
  if (deeper && Array.isArray(value) && value.length > 0) {
    const at = random.below(value.length)
    return value.map((item: unknown, index) => (index === at ? mutateValue(item, random) : item))
  }
  if (deeper && isObject(value) && Object.keys(value).length > 0) {
    const at = random.pick(Object.keys(value))
    // Not by spreading: that would call the setter of `__proto__`.
    const entries = Object.entries(value).map(([key, item]) => [key, key === at ? mutateValue(item, random) : item])
    return Object.fromEntries(entries)
  }
  return random.pick(changes)(value, random)
}

type FrameChange = (frames: readonly Raw[], random: Random) => readonly Raw[]

const replaced = (frames: readonly Raw[], random: Random, change: (frame: Raw) => Raw): readonly Raw[] => {
  const at = random.below(frames.length)
  return frames.map((frame, index) => (index === at ? change(frame) : frame))
}

const frameChanges: readonly FrameChange[] = [
  (frames, random) => frames.filter((_, index) => index !== random.below(frames.length)),
  (frames, random) => frames.flatMap((frame) => (random.below(3) === 0 ? [frame, frame] : [frame])),
  (frames, random) => frames.toSorted(() => random.below(3) - 1),
  (frames, random) => {
    const lengths = [0, 1, 0x7fffffff, 0xffffffff, 64 * 1024 * 1024, 64 * 1024 * 1024 + 1, random.below(100)]
    return replaced(frames, random, (frame) => ({ ...frame, length: random.pick(lengths) }))
  },
  (frames, random) => replaced(frames, random, (frame) => ({ ...frame, kind: random.pick([0, 1, 2, 65, 255]) })),
  (frames, random) => {
    const cut = (frame: Raw) => raw(frame.kind, frame.payload.subarray(0, random.below(frame.payload.length + 1)))
    return replaced(frames, random, cut)
  },
  (frames, random) => {
    const deep = '['.repeat(1 + random.below(30_000))
    return replaced(frames, random, () => raw(FRAME.message, Buffer.from(`${deep}${deep.replaceAll('[', ']')}`)))
  },
  ...Array.from({ length: 6 }, () => mutateMessage),
]

function mutateMessage(frames: readonly Raw[], random: Random): readonly Raw[] {
  return replaced(frames, random, (frame) => {
    if (frame.kind !== FRAME.message) return bytes(Buffer.concat([frame.payload, Buffer.from('more')]))
    return message(mutateValue(JSON.parse(frame.payload.toString('utf8')), random))
  })
}

/** The bytes of a conversation that is wrong in one to three ways, and how it is cut into chunks. */
export function mutate(conversation: readonly Raw[], random: Random): readonly Buffer[] {
  let frames = conversation
  if (random.below(4) > 0) frames = random.pick(frameChanges)(frames, random)
  let stream = encode(frames)
  for (let flips = random.below(3) === 0 ? 1 + random.below(3) : 0; flips > 0 && stream.length > 0; flips -= 1) {
    const at = random.below(stream.length)
    stream.writeUInt8(stream.readUInt8(at) ^ (1 << random.below(8)), at)
  }
  if (random.below(4) === 0) stream = stream.subarray(0, random.below(stream.length + 1))
  return inChunks(stream, random)
}

export function inChunks(stream: Buffer, random: Random): readonly Buffer[] {
  const chunks: Buffer[] = []
  const most = random.pick([1, 7, 300, 65_536])
  for (let at = 0; at < stream.length; ) {
    const size = stream.length > 5_000 && most < 300 ? 300 : 1 + random.below(most)
    chunks.push(stream.subarray(at, at + size))
    at += size
  }
  return chunks
}
