import { describe, expect, it } from 'vitest'
import { readExampleEnv } from './example-env.ts'
import { findHealth } from './health.ts'
import { nameFrom } from './names.ts'
import { findPort } from './port.ts'
import { readSources } from './sources.ts'
import { memoryTree } from './tree.ts'

const source = (text: string, path = 'src/server.ts') => readSources(memoryTree({ [path]: text }))

describe('the port', () => {
  it.each<[text: string, port: number | undefined, fromEnvironment: boolean]>([
    ['app.listen(process.env.PORT || 3001)', 3001, true],
    ['const port = Number(process.env.PORT ?? 4000)', 4000, true],
    ["const port = parseInt(process.env.PORT || '5000', 10)", 5000, true],
    ['const { PORT = 3100 } = process.env; app.listen(PORT)', 3100, true],
    ["const port = process.env['PORT'] ?? 3002", 3002, true],
    ["config.get('PORT')", undefined, true],
    ['fastify.listen({ port: 3003 })', 3003, false],
    ['serve({ fetch: app.fetch, port: 8787 })', 8787, false],
    ['app.listen(port)', undefined, false],
    ['// app.listen(9999)', undefined, false],
  ])('%s', async (text, port, fromEnvironment) => {
    expect(findPort(await source(text))).toMatchObject({ port, fromEnvironment })
  })

  it('says where a number is fixed', async () => {
    expect(findPort(await source('const a = 1\napp.listen(3000)'))).toMatchObject({
      fixed: { port: 3000, place: 'src/server.ts:2' },
    })
  })
})

describe('the health path', () => {
  it.each<[text: string, path: string | undefined]>([
    ["app.get('/health', ok)", '/health'],
    ['if (request.url === "/healthz") response.end()', '/healthz'],
    ["app.get('/ping', ok)\napp.get('/api/health', ok)", '/api/health'],
    ["app.get('/', home)", undefined],
    ["await fetch('/health')", undefined],
    ["// app.get('/health', ok)", undefined],
    ["app.get('/health/of/people', ok)", undefined],
    ["app.setGlobalPrefix('api')\n@Controller('health') class A {}", '/api/health'],
  ])('of %s is %s', async (text, path) => {
    expect(findHealth(await source(text), false)?.path).toBe(path)
  })

  it.each([
    ['app/api/health/route.ts', '/api/health'],
    ['src/app/(internal)/healthz/route.ts', '/healthz'],
    ['pages/api/health.ts', '/api/health'],
    ['server/api/health.get.ts', '/api/health'],
    ['server/routes/ready.ts', '/ready'],
    ['src/routes/health/+server.ts', '/health'],
    ['app/routes/healthcheck.tsx', '/healthcheck'],
    ['src/pages/api/health.ts', '/api/health'],
  ])('of the file %s is %s', async (file, path) => {
    const sources = await source('export {}', file)
    expect(findHealth(sources, true)?.path).toBe(path)
    expect(findHealth(sources, false)).toBeUndefined()
  })

  it('is no path of a test, and is unsure on a router', async () => {
    expect(findHealth(await source("app.get('/health')", 'src/app.test.ts'), false)).toBeUndefined()
    expect(findHealth(await source("\nrouter.get('/health', ok)"), false)).toEqual({
      path: '/health',
      place: 'src/server.ts:2',
      prefixed: true,
    })
  })
})

describe('.env.example', () => {
  it('is sorted into secrets, plain values and what is open; ours is left out', async () => {
    const text = `
PORT=4000
NODE_ENV=development
DATABASE_URL=postgres://localhost/x
STRIPE_API_KEY=sk_test
export SESSION_SECRET=change-me
# SENTRY_DSN=
# a remark
LOG_LEVEL=info
KEYBOARD=querty
API_URL=http://localhost:3000
REGION=
`
    expect(await readExampleEnv(memoryTree({ '.env.example': text, '.env': 'REAL=1' }))).toEqual({
      file: '.env.example',
      secrets: [
        { name: 'DATABASE_URL', optional: false },
        { name: 'STRIPE_API_KEY', optional: false },
        { name: 'SESSION_SECRET', optional: false },
        { name: 'SENTRY_DSN', optional: true },
      ],
      plain: { LOG_LEVEL: 'info', KEYBOARD: 'querty' },
      open: ['API_URL', 'REGION'],
      port: 4000,
    })
  })

  it('is never .env itself', async () => {
    expect(await readExampleEnv(memoryTree({ '.env': 'API_KEY=1' }))).toBeUndefined()
  })
})

it.each([
  ['@acme/Orders API', 'orders-api'],
  ['shop', 'shop'],
  ['nginx', 'nginx-app'],
  ['plan-b', 'plan-b-app'],
  ['axle-demo', 'app-axle-demo'],
  ['4ever', 'ever'],
  ['日本', 'app'],
  ['a-very-long-name-of-a-package-that-never-ends', 'a-very-long-name-of-a-package'],
])('the name of %s is %s', (name, expected) => expect(nameFrom(name)).toBe(expected))
