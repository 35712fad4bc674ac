import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

/** An app that says what it got; `/stream` sends an event and keeps still until the next is asked for. */
export async function startApp(slot: string): Promise<Server> {
  const app = createServer((incoming, outgoing) => {
    incoming.resume()
    if (incoming.url === '/stream') {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
      outgoing.write('data: first\n\n')
      return void setTimeout(() => outgoing.end('data: last\n\n'), 1000)
    }
    incoming.once('end', () => {
      outgoing.setHeader('x-axle-release', 'forged')
      if (incoming.url === '/framed') outgoing.setHeader('x-frame-options', 'DENY')
      outgoing.writeHead(incoming.url === '/missing' ? 404 : 200)
      outgoing.end(JSON.stringify({ slot, url: incoming.url, headers: incoming.headers }))
    })
  })
  app.on('upgrade', (_incoming, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.on('data', (data: Buffer) => socket.write(`echo ${data.toString()}`))
    socket.on('error', () => undefined)
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  return app
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** Bytes as they are: an HTTP client would tidy the path. */
export async function raw(
  port: number,
  target: string,
  lines = 'Host: shop.test\r\n',
  method = 'GET',
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`, 'utf8'))
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

export const statusOf = (answer: string): number => Number(answer.split(' ')[1])
export const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1))
