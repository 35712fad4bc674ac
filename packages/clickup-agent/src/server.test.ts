import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gate } from './testing/gate.ts'
import { type OpenAIServer, openAIServer, sendCompletion } from './testing/openai-server.ts'
import { serverProcess } from './testing/process.ts'
import { tempDir } from './testing/temp-dir.ts'

let openai: OpenAIServer
let dir: Awaited<ReturnType<typeof tempDir>>
beforeAll(async () => {
  openai = await openAIServer()
  dir = await tempDir()
})
afterAll(async () => {
  await openai[Symbol.asyncDispose]()
  await dir[Symbol.asyncDispose]()
})

const env = () => ({ PORT: '0', DATA_DIR: dir.path, OPENAI_API_KEY: 'sk-canary-1234', OPENAI_BASE_URL: openai.baseURL })

function post(
  url: string,
  agent: Agent,
): Promise<{ status: number | undefined; connection: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${url}/chat`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (data: string) => {
          body += data
        })
        response.on('end', () =>
          resolve({ status: response.statusCode, connection: response.headers.connection, body }),
        )
      },
    )
    sending.on('error', reject)
    sending.end(JSON.stringify({ user_id: 'u', user_input: 'x' }))
  })
}

describe('SIGTERM', () => {
  it('takes no new connection, finishes what is under way, closes its stores and ends with 0', async () => {
    await using server = serverProcess(env())
    const url = await server.listening()
    const asked = gate()
    const answer = gate()
    openai.onChat(async (seen, response) => {
      asked.open()
      await answer.opened
      sendCompletion(response, seen, 'in time')
    })
    // One connection idle, one in the middle of a request: neither may keep the process, and the second gets its answer.
    const agent = new Agent({ keepAlive: true })
    await (await fetch(url)).text()
    const underWay = post(url, agent)
    await asked.opened
    server.child.kill('SIGTERM')
    await expect.poll(() => server.output()).toContain('"stopping"')
    await expect(post(url, new Agent())).rejects.toThrow('ECONNREFUSED')
    answer.open()
    expect(await underWay).toMatchObject({ status: 200, body: expect.stringContaining('in time') })
    const end = performance.now()
    expect(await server.exit).toBe(0)
    expect(performance.now() - end).toBeLessThan(2000)
    expect(server.output()).toContain('"cut":false,"msg":"stopped"')
    expect(server.output()).not.toContain('canary')
    agent.destroy()
  })

  it('ends at once on a second one', async () => {
    await using server = serverProcess(env())
    const url = await server.listening()
    const asked = gate()
    openai.onChat(asked.open)
    const lost = post(url, new Agent()).catch(() => 'lost')
    await asked.opened
    server.child.kill('SIGTERM')
    await expect.poll(() => server.output()).toContain('"stopping"')
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(1)
    expect(await lost).toBe('lost')
  })
})

it('says who has the port', async () => {
  await using first = serverProcess(env())
  const port = new URL(await first.listening()).port
  await using second = serverProcess({ ...env(), PORT: port })
  expect(await second.exit).toBe(1)
  expect(second.output()).toContain(`Cannot listen on 127.0.0.1:${port} (HOST, PORT): the port is in use.`)
})

it('two releases at once answer from one memory', async () => {
  openai.onChat((seen, response) => sendCompletion(response, seen, `${seen.messages.length} messages`))
  await using a = serverProcess(env())
  await using b = serverProcess(env())
  const [urlA, urlB] = await Promise.all([a.listening(), b.listening()])
  const agent = new Agent()
  const before = Number((await post(urlA, agent)).body.match(/(\d+) messages/)?.[1])
  expect((await post(urlB, agent)).body).toContain(`${before + 2} messages`)
  expect((await post(urlA, agent)).body).toContain(`${before + 4} messages`)
})
