import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Heard } from '../cli/connect.ts'
import { AxleError } from '../protocol/errors.ts'
import { decodeFrames, encodeMessage } from '../protocol/frame.ts'
import { type FromHost, type FromViewer, PROTOCOL } from '../protocol/wire.ts'
import { openSession } from './session.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-session-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const hello: FromViewer = {
  t: 'hello',
  protocol: PROTOCOL,
  project: 'shop',
  actor: { user: 'u', host: 'h' },
  request: { verb: 'deploy', wait: false, now: false },
}
const content = Buffer.alloc(3_000_000, 'x')
const sha256 = createHash('sha256').update(content).digest('hex')

async function session(size = content.length) {
  const path = join(folder, 'content')
  await writeFile(path, content)
  const input = new PassThrough()
  const output = new PassThrough()
  const closed: string[] = []
  const opened = await openSession(
    {
      input,
      output,
      ended: async () => new AxleError('AXLE_CONNECTION_LOST', 'lost'),
      close: () => {
        closed.push('closed')
        output.destroy()
      },
    },
    { hello, contents: new Map([[sha256, { path, size }]]) },
  )
  const say = (message: FromHost) => output.write(encodeMessage(message))
  return { opened, input, output, say, closed }
}

async function all(messages: AsyncIterable<Heard>): Promise<string[]> {
  const seen: string[] = []
  for await (const { t } of messages) seen.push(t)
  return seen
}

it('says hello, sends what is missing, and passes the rest on', async () => {
  const { opened, input, say, closed } = await session()
  const host = (async () => {
    let bytes = 0
    for await (const frame of decodeFrames(input)) {
      if (frame.kind === 'bytes') bytes += frame.bytes.length
      else if (JSON.stringify(frame.message) === '{"t":"sent"}') break
    }
    say({ t: 'accepted', op: 'o', unit: 'u' })
    say({ t: 'end', exit: 0 })
    return bytes
  })()
  say({ t: 'missing', sha256: [sha256] })
  expect(await all(opened.messages)).toEqual(['accepted', 'end'])
  expect(await host).toBe(content.length)
  expect(closed).not.toEqual([])
})

it('hears the host while nobody there reads', async () => {
  const { opened, say } = await session()
  say({ t: 'missing', sha256: [sha256] })
  say({ t: 'error', error: new AxleError('AXLE_DISK_FULL', 'full').serialize() })
  say({ t: 'end', exit: 1 })
  expect(await all(opened.messages)).toEqual(['error', 'end'])
})

it('says why when the stream ends too early, or is no stream of frames', async () => {
  const one = await session()
  one.output.end()
  await expect(all(one.opened.messages)).rejects.toMatchObject({ code: 'AXLE_CONNECTION_LOST' })
  const two = await session()
  two.output.write('Last login: never\n')
  await expect(all(two.opened.messages)).rejects.toMatchObject({ code: 'AXLE_WIRE' })
})

it('names a file that changed under way', async () => {
  const { opened, input, say } = await session(10)
  input.resume()
  say({ t: 'missing', sha256: [sha256] })
  await expect(all(opened.messages)).rejects.toMatchObject({ code: 'AXLE_FILES' })
})
