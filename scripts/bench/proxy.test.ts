import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { openProxy } from './proxy.ts'

async function through(serve: (socket: Socket) => void, delay = 5) {
  const server = createServer({ allowHalfOpen: true }, serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const proxy = await openProxy({ host: '127.0.0.1', port: address.port, delay })
  const client = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true })
  onTestFinished(async () => {
    client.destroy()
    await proxy[Symbol.asyncDispose]()
    server.close()
  })
  return { client, proxy }
}

test('bytes come in order and whole, with the end of the stream behind them', async () => {
  const { client, proxy } = await through((socket) => socket.pipe(socket))
  const bytes = Buffer.alloc(30_000_000).map((_, index) => index % 251)
  const answer = buffer(client)
  client.end(bytes)
  expect((await answer).equals(bytes)).toBe(true)
  expect(proxy.take()).toMatchObject({ connections: 1, sent: bytes.length, received: bytes.length })
  expect(proxy.take()).toEqual({ connections: 0, sent: 0, received: 0, roundTrips: 0 })
})

test('a question and its answer are one round trip, however many pieces', async () => {
  const { client, proxy } = await through((socket) => socket.on('data', () => socket.write('answer')))
  for (let count = 0; count < 3; count += 1) {
    client.write('question')
    await once(client, 'data')
  }
  expect(proxy.take().roundTrips).toBe(3)
})

test('what nobody takes at the other end is not read at this one', async () => {
  const { client } = await through((socket) => socket.pause())
  let written = 0
  const chunk = Buffer.alloc(1024 * 1024)
  while (written < 200 * 1024 * 1024) {
    if (!client.write(chunk)) {
      const drained = await Promise.race([
        once(client, 'drain').then(() => true),
        new Promise<false>((resolve) => setTimeout(resolve, 500, false)),
      ])
      if (!drained) break
    }
    written += chunk.length
  }
  expect(written).toBeLessThan(100 * 1024 * 1024)
})
