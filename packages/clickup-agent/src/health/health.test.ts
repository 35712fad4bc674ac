import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../log/logger.ts'
import { openAIServer, sendJson } from '../testing/openai-server.ts'
import { type TestService, testService } from '../testing/test-service.ts'
import { clickUpDependency } from './dependencies.ts'
import type { Dependency } from './dependency.ts'
import { Health } from './health.ts'

const log = createLogger({ level: 'silent', environment: 'test', redact: (text) => text })

async function healthOf(service: TestService): Promise<unknown> {
  const response = await fetch(`${service.url}/health`)
  return [response.status, await response.json()]
}

describe('GET /health', () => {
  it('is 200 with nothing configured, and says what is not', async () => {
    await using service = await testService()
    expect(await healthOf(service)).toMatchObject([
      200,
      {
        status: 'ok',
        dependencies: {
          model: { state: 'not configured', detail: 'OPENAI_API_KEY not set' },
          memory: { state: 'ok', required: true },
          clickup: { state: 'not configured', detail: 'CLICKUP_API_KEY, CLICKUP_TEAM_ID not set' },
        },
      },
    ])
  })

  it.each([
    [200, 200, 'ok'],
    [403, 200, 'ok'],
    [404, 200, 'ok'],
    [429, 200, 'ok'],
    [401, 503, 'failing'],
    [500, 503, 'failing'],
  ])("when the model's API answers %i, is %i", async (upstream, status, state) => {
    await using openai = await openAIServer()
    openai.modelsStatus = upstream
    await using service = await testService({ OPENAI_API_KEY: 'sk-canary', OPENAI_BASE_URL: openai.baseURL })
    const health = await healthOf(service)
    expect(health).toMatchObject([status, { status: state, dependencies: { model: { state, required: true } } }])
    expect(JSON.stringify(health)).not.toContain('canary')
    expect(openai.seen).toHaveLength(0)
  })

  it('is 503 when the model cannot be reached', async () => {
    await using service = await testService({ OPENAI_API_KEY: 'sk-canary', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' })
    expect(await healthOf(service)).toMatchObject([
      503,
      { dependencies: { model: { detail: expect.stringContaining('OPENAI_BASE_URL') } } },
    ])
  })

  it('is 503 when the memory is broken, and 200 again soon after it is mended', async () => {
    await using service = await testService()
    const db = new DatabaseSync(service.dataFile)
    db.exec('ALTER TABLE turns RENAME TO gone')
    await expect
      .poll(() => healthOf(service), { timeout: 15_000, interval: 250 })
      .toMatchObject([503, { dependencies: { memory: { state: 'failing' } } }])
    db.exec('ALTER TABLE gone RENAME TO turns')
    db.close()
    await expect.poll(() => healthOf(service), { timeout: 3000 }).toMatchObject([200, {}])
  }, 20_000)
})

describe('ClickUp', () => {
  async function check(status: number, body: unknown, apiKey: string | undefined = 'pk_1'): Promise<unknown> {
    const server = createServer((request, response) => {
      expect([request.url, request.headers.authorization]).toEqual(['/api/v2/team', 'pk_1'])
      sendJson(response, status, body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const dependency = clickUpDependency({ apiKey, teamId: '42' }, url)
    const { status: overall, dependencies } = await new Health({ dependencies: [dependency], log }).report()
    server.close()
    return [overall, dependencies.clickup]
  }

  it('is ok when the key opens the workspace', async () => {
    expect(await check(200, { teams: [{ id: '7' }, { id: '42' }] })).toMatchObject(['ok', { state: 'ok' }])
  })

  it.each([
    [200, { teams: [{ id: '7' }] }, 'CLICKUP_TEAM_ID'],
    [401, {}, 'CLICKUP_API_KEY'],
    [500, {}, '500'],
  ])('only degrades the service when it answers %i %j', async (status, body, named) => {
    expect(await check(status, body)).toMatchObject([
      'degraded',
      { state: 'failing', detail: expect.stringContaining(named) },
    ])
  })

  it('with a key but no workspace is not configured', async () => {
    const half = clickUpDependency({ apiKey: 'pk_1', teamId: undefined })
    expect(await new Health({ dependencies: [half], log }).report()).toMatchObject({
      status: 'ok',
      dependencies: { clickup: { state: 'not configured', detail: 'CLICKUP_TEAM_ID not set' } },
    })
  })
})

describe('Health', () => {
  function counted(check: Dependency['check'], freshMs = 60_000): { dependency: Dependency; calls: () => number } {
    let calls = 0
    const dependency: Dependency = {
      name: 'x',
      required: true,
      missing: [],
      freshMs,
      check(signal) {
        calls += 1
        return check(signal)
      },
    }
    return { dependency, calls: () => calls }
  }

  it('asks a dependency once for all who ask within its freshness', async () => {
    const { dependency, calls } = counted(async () => {})
    const health = new Health({ dependencies: [dependency], log })
    await Promise.all([health.report(), health.report()])
    await health.report()
    expect(calls()).toBe(1)
  })

  it('asks again when the answer is old', async () => {
    const { dependency, calls } = counted(async () => {}, 0)
    const health = new Health({ dependencies: [dependency], log })
    await health.report()
    await health.report()
    expect(calls()).toBe(2)
  })

  it('does not wait for what hangs, and tells nothing of an unexpected error', async () => {
    const hanging = new Health({ dependencies: [counted(() => new Promise(() => {})).dependency], log, timeoutMs: 20 })
    expect(await hanging.report()).toMatchObject({
      dependencies: { x: { state: 'failing', detail: 'no answer within 20 ms' } },
    })
    const odd = new Health({ dependencies: [counted(() => Promise.reject(new Error('at 10.0.0.7'))).dependency], log })
    expect((await odd.report()).dependencies).toEqual({ x: { state: 'failing', required: true } })
  })
})
