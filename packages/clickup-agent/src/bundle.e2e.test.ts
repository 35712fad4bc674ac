import { execFile } from 'node:child_process'
import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openAIServer } from './testing/openai-server.ts'
import { serverProcess } from './testing/process.ts'
import { tempDir } from './testing/temp-dir.ts'

const run = promisify(execFile)
const PACKAGE = new URL('..', import.meta.url).pathname

let built: Awaited<ReturnType<typeof tempDir>>
let alone: Awaited<ReturnType<typeof tempDir>>

beforeAll(async () => {
  built = await tempDir()
  alone = await tempDir()
  await run('pnpm', ['exec', 'tsup', '--out-dir', join(built.path, 'dist')], { cwd: PACKAGE })
  // Nothing beside it: neither a package.json nor a node_modules from here up to /.
  await cp(join(built.path, 'dist'), join(alone.path, 'dist'), { recursive: true })
}, 60_000)

afterAll(async () => {
  await built[Symbol.asyncDispose]()
  await alone[Symbol.asyncDispose]()
})

const start = (env: Record<string, string>) =>
  serverProcess({ PORT: '0', ...env }, join(alone.path, 'dist/server.js'), alone.path)

it('runs with nothing but node, keeps its data in ./data, and prints nothing but its log', async () => {
  await using server = start({})
  const url = await server.listening()
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect(await readdir(join(alone.path, 'data'))).toContain('clickup-agent.sqlite')
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
  for (const line of server.output().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
})

it('has the model client in it', async () => {
  await using openai = await openAIServer()
  await using server = start({ OPENAI_API_KEY: 'k-12345', OPENAI_BASE_URL: openai.baseURL })
  const response = await fetch(`${await server.listening()}/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"user_input":"hello","user_id":"u"}',
  })
  expect(await response.json()).toMatchObject({ reply: 'You said: hello' })
})

it('has the MongoDB driver in it, whose optional packages may be absent', async () => {
  await using server = start({ MONGO_URI: 'mongodb://127.0.0.1:1/x' })
  const health = await fetch(`${await server.listening()}/health`)
  expect([health.status, await health.json()]).toMatchObject([503, { dependencies: { memory: { state: 'failing' } } }])
  expect(server.output()).not.toMatch(/cannot find|dynamic require/i)
})
