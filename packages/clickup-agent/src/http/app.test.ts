import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestService, testService } from '../testing/test-service.ts'

let service: TestService

beforeAll(async () => {
  service = await testService({ ALLOWED_ORIGINS: 'https://app.example.com' })
})

afterAll(() => service[Symbol.asyncDispose]())

async function errorOf(response: Response): Promise<unknown> {
  return [response.status, await response.json()]
}

describe('pages', () => {
  it('GET / names the service, its version and its endpoints', async () => {
    const response = await fetch(service.url)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      name: 'clickup-agent',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      endpoints: [{ path: '/' }, { path: '/health' }, { method: 'POST', path: '/chat' }],
    })
  })

  it('says what there is instead of an unknown path, and which method a path takes', async () => {
    expect(await errorOf(await fetch(`${service.url}/nope`))).toMatchObject([404, { error: { code: 'not_found' } }])
    const wrong = await fetch(`${service.url}/chat`)
    expect(wrong.headers.get('allow')).toBe('POST')
    expect(await errorOf(wrong)).toMatchObject([405, { error: { code: 'method_not_allowed' } }])
  })
})

describe('request ids', () => {
  it('honours a good one, also on errors, and in the log', async () => {
    for (const path of ['/', '/nope']) {
      const response = await fetch(service.url + path, { headers: { 'x-request-id': 'abc-123' } })
      expect(response.headers.get('x-request-id')).toBe('abc-123')
    }
    expect(service.logs.some((line) => line.includes('"requestId":"abc-123"'))).toBe(true)
  })

  it.each(['a b', 'x'.repeat(200), '"quote"'])('makes its own in place of %j', async (id) => {
    const response = await fetch(service.url, { headers: { 'x-request-id': id } })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('bodies', () => {
  it.each([
    ['no JSON', '{', 'invalid_json', 'not JSON'],
    ['no object', '[]', 'invalid_body', ''],
    ['no user_input', '{"user_id":"a"}', 'invalid_body', 'user_input'],
    ['no user_id', '{"user_input":"a"}', 'invalid_body', 'user_id'],
    ['a blank user_input', '{"user_input":" ","user_id":"a"}', 'invalid_body', 'not blank'],
    ['a long user_input', `{"user_input":"${'a'.repeat(8001)}","user_id":"a"}`, 'invalid_body', '8000'],
    ['a control character', '{"user_input":"a","user_id":"a\\u0000"}', 'invalid_body', 'control'],
    ['an object as user_id', '{"user_input":"a","user_id":{"$ne":1}}', 'invalid_body', 'user_id'],
  ])('refuses %s', async (_, body, code, named) => {
    const response = await service.chat(body)
    expect(response.status).toBe(400)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ error: { code } })
    expect(text).toContain(named)
  })

  it('refuses what is not sent as JSON: a form could come from any page', async () => {
    const response = await service.chat('{"user_input":"a","user_id":"a"}', { 'content-type': 'text/plain' })
    expect(await errorOf(response)).toMatchObject([415, { error: { code: 'not_json' } }])
  })

  it('refuses more than 64 KiB, declared or streamed', async () => {
    const big = JSON.stringify({ user_input: 'a'.repeat(70_000), user_id: 'a' })
    expect(await errorOf(await service.chat(big))).toMatchObject([413, { error: { code: 'body_too_large' } }])
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
      const sending = request(`${service.url}/chat`, { method: 'POST', headers }, (response) =>
        resolve(response.statusCode),
      )
      sending.on('error', reject)
      sending.write(big)
      sending.end()
    })
    expect(status).toBe(413)
  })

  it('writes no text of a user into the log', async () => {
    await service.chat({ user_input: 'canary-text', user_id: 'canary-user' })
    await service.chat('{"user_input":"canary-text')
    expect(service.logs.join('')).not.toContain('canary')
  })
})

describe('CORS', () => {
  const origin = 'https://app.example.com'
  const preflight = (url: string, from: string) =>
    fetch(`${url}/chat`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })

  it('lets an allowed origin in, on answers and on errors', async () => {
    const allowed = await preflight(service.url, origin)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin)
    expect(allowed.headers.get('access-control-allow-headers')).toMatch(/content-type/i)
    for (const path of ['/', '/nope', '/chat']) {
      const response = await fetch(service.url + path, { headers: { origin } })
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      expect(response.headers.get('vary')).toMatch(/origin/i)
    }
  })

  it('gives another origin nothing', async () => {
    const other = await preflight(service.url, 'https://evil.example')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('says nothing of CORS when no origin is allowed, and * to all when all are', async () => {
    await using closed = await testService()
    expect((await preflight(closed.url, origin)).headers.get('access-control-allow-origin')).toBeNull()
    await using open = await testService({ ALLOWED_ORIGINS: '*' })
    expect((await preflight(open.url, origin)).headers.get('access-control-allow-origin')).toBe('*')
  })
})
