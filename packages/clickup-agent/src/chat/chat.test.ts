import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gate } from '../testing/gate.ts'
import { type OpenAIServer, openAIServer, sendCompletion, sendJson } from '../testing/openai-server.ts'
import { type TestService, testService } from '../testing/test-service.ts'

const KEY = 'sk-canary-0123456789'

let openai: OpenAIServer
let service: TestService

beforeAll(async () => {
  openai = await openAIServer()
  service = await testService({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.baseURL, OPENAI_MODEL: 'a-model' })
})

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await openai[Symbol.asyncDispose]()
})

function echo(): void {
  openai.onChat((request, response) =>
    sendCompletion(response, request, `You said: ${request.messages.at(-1)?.content}`),
  )
}

describe('POST /chat', () => {
  it('asks the model with the turns of that user so far', async () => {
    echo()
    const first = await service.say('ann', 'one')
    expect(first.status).toBe(200)
    expect(await first.json()).toEqual({
      reply: 'You said: one',
      user_id: 'ann',
      model: 'a-model',
      tokens: { input: 11, output: 7 },
      remembered: true,
      request_id: first.headers.get('x-request-id'),
    })
    await service.say('bob', 'other')
    await service.say('ann', 'two')
    expect(openai.seen.at(-1)?.messages.slice(1)).toEqual([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'You said: one' },
      { role: 'user', content: 'two' },
    ])
    expect(openai.seen.at(-1)?.messages[0]?.role).toBe('system')
    expect(openai.seen.at(-1)?.headers).toMatchObject({ authorization: `Bearer ${KEY}` })
  })

  it("passes the request's id on to the model's API", async () => {
    echo()
    await service.chat({ user_id: 'ida', user_input: 'x' }, { 'x-request-id': 'id-of-the-gateway' })
    expect(openai.seen.at(-1)?.headers['x-client-request-id']).toBe('id-of-the-gateway')
  })

  it("lets a user's second turn see the first, also when both are sent at once", async () => {
    echo()
    const answers = await Promise.all([service.say('cy', 'a'), service.say('cy', 'b')])
    expect(answers.map((answer) => answer.status)).toEqual([200, 200])
    expect(openai.seen.at(-1)?.messages).toHaveLength(4)
  })

  it.each([
    [401, 502, 'model_key_refused', 'OPENAI_API_KEY'],
    [404, 502, 'model_unknown', 'OPENAI_MODEL'],
    [400, 502, 'model_request_refused', '400'],
  ])('answers a %i of the model with %i %s', async (upstream, status, code, named) => {
    openai.onChat((_, response) => sendJson(response, upstream, { error: { message: `Incorrect key ${KEY}` } }))
    const answer = await service.say('dan', 'x')
    expect(answer.status).toBe(status)
    const body = await answer.text()
    expect(JSON.parse(body)).toMatchObject({ error: { code, request_id: answer.headers.get('x-request-id') } })
    expect(body).toContain(named)
    expect(body).not.toContain(KEY)
  })

  it.each([
    [429, 'model_rate_limited'],
    [500, 'model_failed'],
  ])('answers a %i of the model with 502, after the client has tried again', async (upstream, code) => {
    const before = openai.seen.length
    openai.onChat((_, response) => {
      response.setHeader('retry-after-ms', '5')
      sendJson(response, upstream, { error: { message: 'no' } })
    })
    const answer = await service.say('eve', 'x')
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code } }])
    expect(openai.seen.length - before).toBe(3)
  })

  it('answers a model without a text, or with a body that is none, with 502', async () => {
    openai.onChat((request, response) => sendCompletion(response, request, null))
    expect(await (await service.say('fay', 'x')).json()).toMatchObject({ error: { code: 'model_empty_reply' } })
    openai.onChat((_, response) => sendJson(response, 200, {}))
    expect(await (await service.say('fay', 'x')).json()).toMatchObject({ error: { code: 'model_empty_reply' } })
  })

  it('remembers nothing of a turn that failed', async () => {
    openai.onChat((_, response) => sendJson(response, 400, {}))
    await service.say('gus', 'lost')
    echo()
    await service.say('gus', 'kept')
    expect(openai.seen.at(-1)?.messages.slice(1)).toEqual([{ role: 'user', content: 'kept' }])
  })

  it('stops the model when the client hangs up', async () => {
    const asked = gate()
    const hungUp = gate()
    openai.onChat((_, response) => {
      response.once('close', hungUp.open)
      asked.open()
    })
    const client = new AbortController()
    const answer = fetch(`${service.url}/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: 'hal', user_input: 'x' }),
      signal: client.signal,
    })
    await asked.opened
    client.abort()
    await expect(answer).rejects.toThrow()
    await hungUp.opened
  })

  it('writes the key into no log line', () => {
    expect(service.logs.length).toBeGreaterThan(10)
    expect(service.logs.join('')).not.toContain(KEY)
  })
})

describe('POST /chat, when something is not there', () => {
  it('names the variable that is missing', async () => {
    await using keyless = await testService()
    const answer = await keyless.say('ann', 'x')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      error: { code: 'model_not_configured', message: expect.stringContaining('OPENAI_API_KEY') },
    })
  })

  it('says 502 when the model cannot be reached', async () => {
    await using lost = await testService({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' })
    const answer = await lost.say('ann', 'x')
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'model_unreachable' } }])
  })

  it('says 503 when the memory cannot be read, without asking the model', async () => {
    await using local = await testService({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.baseURL })
    const db = new DatabaseSync(local.dataFile)
    db.exec('DROP TABLE turns')
    db.close()
    const before = openai.seen.length
    const answer = await local.say('ann', 'x')
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: { code: 'memory_unavailable' } }])
    expect(openai.seen.length).toBe(before)
  })
})
