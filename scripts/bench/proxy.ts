import { connect, createServer, type Socket } from 'node:net'

export interface ProxyOptions {
  readonly host: string
  readonly port: number
  /** Milliseconds that each byte is under way, in each direction. */
  readonly delay: number
}

export interface Counts {
  readonly connections: number
  /** Bytes from the client to the server. */
  readonly sent: number
  readonly received: number
  /** How often the server answered after the client had said something. */
  readonly roundTrips: number
}

export interface Link extends AsyncDisposable {
  readonly port: number
  /** Since the last time that this was asked. */
  take(): Counts
}

/** What may be under way in one direction: at 25 ms it is 320 MB a second, which is no link's limit. */
const UNDER_WAY = 8 * 1024 * 1024

type Direction = 'sent' | 'received'

/** A link of some length: it keeps the order of bytes, delays each, and reads no more than the other side takes. */
export async function openProxy({ host, port, delay }: ProxyOptions): Promise<Link> {
  const none = { connections: 0, sent: 0, received: 0, roundTrips: 0 }
  let counts = { ...none }
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    counts.connections += 1
    let last: Direction = 'received'
    const seen = (direction: Direction) => (bytes: number) => {
      if (direction === 'received' && last === 'sent') counts.roundTrips += 1
      last = direction
      counts[direction] += bytes
    }
    const upstream = connect({ host, port, noDelay: true, allowHalfOpen: true })
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        if (one.errored !== null) other.destroy()
      })
    }
    carry(client, upstream, delay, seen('sent'))
    carry(upstream, client, delay, seen('received'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    port: address.port,
    take: () => {
      const taken = counts
      counts = { ...none }
      return taken
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** One direction. `undefined` in the queue is the end of the stream, which is under way as long as any byte. */
function carry(from: Socket, to: Socket, delay: number, seen: (bytes: number) => void): void {
  const queue: { readonly at: number; readonly chunk: Buffer | undefined }[] = []
  let held = 0
  let busy = false
  const deliver = (): void => {
    busy = false
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const wait = next.at - performance.now()
      if (wait > 0) {
        busy = true
        setTimeout(deliver, wait)
        return
      }
      queue.shift()
      if (next.chunk === undefined) {
        to.end()
        return
      }
      held -= next.chunk.length
      if (from.isPaused() && held < UNDER_WAY / 2) from.resume()
      if (!to.write(next.chunk)) {
        busy = true
        to.once('drain', deliver)
        return
      }
    }
  }
  const put = (chunk: Buffer | undefined) => {
    queue.push({ at: performance.now() + delay, chunk })
    if (!busy) deliver()
  }
  from.on('data', (chunk: Buffer) => {
    seen(chunk.length)
    held += chunk.length
    if (held > UNDER_WAY) from.pause()
    put(chunk)
  })
  from.on('end', () => put(undefined))
}
