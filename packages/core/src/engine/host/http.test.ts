import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { http } from './http.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

test('sends method, Host header and body, and reads the answer', async () => {
  const url = await serve((request, response) => {
    void request.toArray().then((body) => {
      response.setHeader('X-Axle-Release', 'abc')
      response.end(
        JSON.stringify({ method: request.method, host: request.headers.host, body: Buffer.concat(body).toString() }),
      )
    })
  })
  const answer = await http(url, { method: 'POST', headers: { Host: 'api.example.com' }, body: 'hi' })
  expect(answer.headers['x-axle-release']).toBe('abc')
  expect(answer.json()).toEqual({ method: 'POST', host: 'api.example.com', body: 'hi' })
})

test('follows no redirect, obeys the deadline and the limit, and says what failed', async () => {
  const moved = await serve((_, response) => response.writeHead(302, { location: '/x' }).end())
  expect((await http(moved)).status).toBe(302)
  const silent = await serve(() => undefined)
  await expect(http(silent, { within: 50 })).rejects.toMatchObject({ code: 'AXLE_TIMEOUT' })
  const half = await serve((_, response) => void response.write('x'))
  await expect(http(half, { within: 50 })).rejects.toMatchObject({ code: 'AXLE_TIMEOUT' })
  const big = await serve((_, response) => response.end('x'.repeat(1024 * 1024 + 1)))
  await expect(http(big)).rejects.toMatchObject({ code: 'AXLE_CHECK' })
  await expect(http('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'AXLE_CHECK' })
  await expect(http(silent, { signal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over')
})
