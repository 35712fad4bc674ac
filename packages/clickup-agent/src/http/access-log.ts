import type { MiddlewareHandler } from 'hono'
import type { RequestIdVariables } from 'hono/request-id'
import type { Logger } from '../log/logger.ts'

/** One line a request: never its body, its query or its headers. Health checks come by the second, so they are debug lines. */
export function accessLog(log: Logger): MiddlewareHandler<{ Variables: RequestIdVariables }> {
  return async (c, next) => {
    const start = performance.now()
    await next()
    const { method, path } = c.req
    const line = {
      requestId: c.get('requestId'),
      method,
      path,
      status: c.res.status,
      ms: Math.round(performance.now() - start),
    }
    log[path === '/health' && c.res.status === 200 ? 'debug' : 'info'](line, 'request')
  }
}
