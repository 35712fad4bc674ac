import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { AxleError } from '../../protocol/errors.ts'
import { json } from '../../protocol/json.ts'
import type { Http, HttpRequest, HttpResponse } from './host.ts'

const WITHIN = 5_000
const MOST = 1024 * 1024

/** Each request on a connection of its own: a pooled one would reach the slot of the request before. */
export const http: Http = async (to, request = {}) => {
  const url = new URL(to)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AxleError('AXLE_CHECK', `${url.href} is not an address of HTTP`)
  }
  const { within = WITHIN, signal: wanted } = request
  const deadline = AbortSignal.timeout(within)
  const signal = wanted === undefined ? deadline : AbortSignal.any([deadline, wanted])
  const name = `${request.method ?? 'GET'} ${url.href}`
  try {
    signal.throwIfAborted()
    return await answer(name, send(url, request, signal), request.body)
  } catch (error) {
    if (wanted?.aborted === true) throw wanted.reason
    if (deadline.aborted)
      throw new AxleError('AXLE_TIMEOUT', `${name} got no answer within ${within / 1000} s`, { cause: error })
    if (error instanceof AxleError) throw error
    throw new AxleError('AXLE_CHECK', `${name} failed: ${reason(error)}`, { cause: error })
  }
}

function send(url: URL, { method = 'GET', headers = {} }: HttpRequest, signal: AbortSignal): ClientRequest {
  const lower = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]))
  const options = {
    method,
    headers: { 'user-agent': 'axle', connection: 'close', ...lower },
    signal,
    agent: false as const,
  }
  if (url.protocol === 'http:') return plain(url, options)
  // A probe reaches a domain on this machine by its address: the certificate to ask for is that of the Host header.
  const host = lower['host']?.replace(/:\d+$/, '')
  return secure(url, { ...options, ...(host === undefined ? {} : { servername: host }) })
}

function answer(name: string, request: ClientRequest, body: string | undefined): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    request.once('response', (response) => {
      readWhole(name, response).then(resolve, reject)
    })
    // Not `once`: the abort of a request that has failed already reports a second time.
    request.on('error', reject)
    request.end(body)
  })
}

async function readWhole(name: string, response: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MOST) throw new AxleError('AXLE_CHECK', `${name} answered more than 1 MiB`)
    chunks.push(bytes)
  }
  const body = Buffer.concat(chunks).toString('utf8')
  const headers = Object.entries(response.headers).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, Array.isArray(value) ? value.join(', ') : value] as const],
  )
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body,
    json: () => {
      try {
        return json.parse(JSON.parse(body))
      } catch (error) {
        throw new AxleError('AXLE_CHECK', `${name} answered something that is not JSON: ${body.slice(0, 80)}`, {
          cause: error,
        })
      }
    },
  }
}

function reason(thrown: unknown): string {
  // Several addresses tried: the errors are inside, and the message is empty.
  if (thrown instanceof AggregateError) return thrown.errors.map(reason).join(', ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}
