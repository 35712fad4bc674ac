import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { type RequestIdVariables, requestId } from 'hono/request-id'
import type { Chat } from '../chat/chat.ts'
import type { Health } from '../health/health.ts'
import type { Logger } from '../log/logger.ts'
import { accessLog } from './access-log.ts'
import { ApiError } from './api-error.ts'
import { chatRoute } from './chat-route.ts'
import { toApiError } from './to-api-error.ts'

const ENDPOINTS = [
  { method: 'GET', path: '/', what: 'this page' },
  { method: 'GET', path: '/health', what: 'the state of each dependency; 503 when a required one fails' },
  { method: 'POST', path: '/chat', what: 'a turn of a conversation: {"user_input": string, "user_id": string}' },
] as const

export interface AppOptions {
  readonly name: string
  readonly version: string
  readonly allowedOrigins: readonly string[]
  readonly chat: Chat
  readonly health: Health
  readonly log: Logger
}

export type App = Hono<{ Variables: RequestIdVariables }>

export function createApp({ name, version, allowedOrigins, chat, health, log }: AppOptions): App {
  const app: App = new Hono()
  app.use(requestId({ limitLength: 128 }))
  app.use(accessLog(log))
  if (allowedOrigins.length > 0) {
    app.use(
      cors({
        origin: allowedOrigins.includes('*') ? '*' : [...allowedOrigins],
        allowMethods: ['GET', 'POST'],
        allowHeaders: ['Content-Type', 'X-Request-Id'],
        exposeHeaders: ['X-Request-Id'],
        maxAge: 600,
      }),
    )
  }

  app.get('/', (c) => c.json({ name, version, endpoints: ENDPOINTS }))
  app.get('/health', async (c) => {
    const report = await health.report()
    c.header('cache-control', 'no-store')
    return c.json({ ...report, name, version }, report.status === 'failing' ? 503 : 200)
  })
  app.route('/chat', chatRoute(chat))
  for (const { method, path } of ENDPOINTS) {
    app.all(path, () => {
      const message = `${path} takes ${method} only.`
      throw new ApiError({ status: 405, code: 'method_not_allowed', message, headers: { allow: method } })
    })
  }

  // A route like any other: Hono's own notFound handler runs outside of the middleware, and lost a CORS header.
  app.all('*', () => {
    const paths = ENDPOINTS.map(({ path }) => path).join(', ')
    throw new ApiError({ status: 404, code: 'not_found', message: `There is no such path here; there are ${paths}.` })
  })
  app.onError((err, c) => {
    const error = toApiError(err)
    const id = c.get('requestId')
    // With a cause something broke; without one we only say no, and the access log has that.
    if (error.cause !== undefined) log.error({ err: error.cause, code: error.code, requestId: id }, error.message)
    // Through the context, so that the request id and the CORS headers are on errors as well.
    return c.body(error.toJson(id), error.status, { 'content-type': 'application/json', ...error.headers })
  })
  return app
}
