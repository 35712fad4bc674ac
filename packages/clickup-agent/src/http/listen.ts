import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { App } from './app.ts'

export interface Listener {
  readonly url: string
  /** Takes no new connection, lets requests finish for `graceMs`, then cuts what is left. */
  stop(graceMs: number): Promise<{ readonly cut: boolean }>
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
}

/** A port that cannot be had: taken, or not ours to take. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'no right to this port',
  ENOTFOUND: 'no such host',
}

function bind(server: Server, { host, port }: ListenOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message
      reject(new ListenError(`Cannot listen on ${host}:${port} (HOST, PORT): ${reason}.`, { cause: error }))
    })
    server.listen({ host, port }, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`)
    })
  })
}

export async function listen(app: App, options: ListenOptions): Promise<Listener> {
  const handle = getRequestListener(app.fetch)
  const server = createServer(
    {
      // Longer than a proxy's idle time-out (nginx: 60 s): who closes first must be the proxy, or its next request races our close.
      keepAliveTimeout: 75_000,
      // A client that dribbles its headers or body gives its socket back.
      headersTimeout: 10_000,
      requestTimeout: 30_000,
    },
    (request, response) => void handle(request, response),
  )
  let stopping = false
  // Before the app's own listener: a connection that stays open after its answer would hold the stop up.
  server.prependListener('request', (_, response) => {
    if (stopping) response.setHeader('connection', 'close')
    response.once('finish', () => {
      if (stopping) setImmediate(() => server.closeIdleConnections())
    })
  })
  const url = await bind(server, options)

  async function stop(graceMs: number): Promise<{ cut: boolean }> {
    stopping = true
    let cut = false
    const timer = setTimeout(() => {
      cut = true
      server.closeAllConnections()
    }, graceMs)
    // close() also ends what is idle; a connection in the middle of a request goes with its answer.
    await new Promise<void>((resolve) => server.close(() => resolve()))
    clearTimeout(timer)
    return { cut }
  }
  return { url, stop }
}
