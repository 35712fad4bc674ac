import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AxleError } from '../../protocol/errors.ts'
import { arrive, type Way } from './way.ts'

let server: Server
let taken = 0
beforeEach(async () => {
  taken = 0
  server = createServer((socket) => {
    taken += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => server.close())

function wayThatFailed(since: number): Way {
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  const connection = Promise.reject(new AxleError('AXLE_UNREACHABLE', 'it cut the connection'))
  connection.catch(() => undefined)
  return { target: { host: '127.0.0.1', port, user: 'root' }, connection, since, mean: () => {}, leave: () => {} }
}

it('sets out once more where an early way was cut off, and not after a long wait', async () => {
  const cut = wayThatFailed(performance.now())
  await expect(arrive(cut, cut.target)).rejects.toMatchObject({ code: 'AXLE_UNREACHABLE' })
  expect(taken).toBe(1)
  const late = wayThatFailed(performance.now() - 60_000)
  await expect(arrive(late, late.target)).rejects.toMatchObject({ code: 'AXLE_UNREACHABLE' })
  expect(taken).toBe(1)
})
