import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FRAMEWORKS } from '../src/client/init/frameworks.ts'

const packages = fileURLToPath(new URL('../../', import.meta.url))
const BIN = join(packages, 'core/dist/bin.js')

interface Fixture {
  /** Name of a framework's row; `''`: none. */
  readonly row: string
  readonly manifest: Readonly<Record<string, unknown>>
  readonly files?: Readonly<Record<string, string>>
  readonly expected: Readonly<Record<string, unknown>>
}

const web = { 'src/server.ts': "app.get('/health', ok)\napp.listen(Number(process.env.PORT ?? 3456))" }
const built = { scripts: { build: 'tsc', start: 'node dist/server.js' } }
const dist = { start: 'node dist/server.js', include: ['dist', 'node_modules'], port: 3456, health: '/health' }

/** A server of one's own code around a package. */
function own(row: string, name: string): Fixture {
  return { row, manifest: { ...built, dependencies: { [name]: '1' } }, files: web, expected: dist }
}

const FIXTURES: readonly Fixture[] = [
  own('Fastify', 'fastify'),
  own('Express', 'express'),
  own('Koa', 'koa'),
  own('Hono', '@hono/node-server'),
  own('hapi', '@hapi/hapi'),
  own('Restify', 'restify'),
  own('Polka', 'polka'),
  own('h3', 'h3'),
  own('GraphQL Yoga', 'graphql-yoga'),
  own('Apollo Server', '@apollo/server'),
  own('tRPC', '@trpc/server'),
  own('Socket.IO', 'socket.io'),
  own('ws', 'ws'),
  {
    row: 'NestJS',
    manifest: {
      scripts: { build: 'nest build', start: 'nest start', 'start:prod': 'node dist/main' },
      dependencies: { '@nestjs/core': '11', express: '5' },
    },
    files: {
      'src/main.ts': 'await app.listen(process.env.PORT ?? 3000)',
      'src/h.ts': "@Controller('health')\nclass H {}",
    },
    expected: { start: 'node dist/main', include: ['dist', 'node_modules'], port: 3000, health: '/health' },
  },
  {
    row: 'Next.js',
    manifest: { scripts: { build: 'next build', start: 'next start' }, dependencies: { next: '15' } },
    files: { 'app/api/health/route.ts': 'export const GET = () => new Response()' },
    expected: { include: ['.next/*', '!.next/cache', 'node_modules'], port: 3000, health: '/api/health' },
  },
  {
    row: 'Next.js (standalone)',
    manifest: { scripts: { build: 'next build', start: 'next start' }, dependencies: { next: '15' } },
    files: { 'next.config.mjs': "export default { output: 'standalone' }" },
    expected: { start: 'node .next/standalone/server.js', include: ['.next/standalone'], port: 3000, health: '/' },
  },
  {
    row: 'Nuxt',
    manifest: { scripts: { build: 'nuxt build' }, dependencies: { nuxt: '4' } },
    files: { 'server/api/health.get.ts': 'export default defineEventHandler(() => 1)' },
    expected: { start: 'node .output/server/index.mjs', include: ['.output'], port: 3000, health: '/api/health' },
  },
  {
    row: 'Nitro',
    manifest: { scripts: { build: 'nitro build' }, devDependencies: { nitropack: '2' } },
    files: { 'server/routes/healthz.ts': 'export default eventHandler(() => 1)' },
    expected: { start: 'node .output/server/index.mjs', include: ['.output'], health: '/healthz' },
  },
  {
    row: 'SvelteKit',
    manifest: {
      scripts: { build: 'vite build' },
      devDependencies: { '@sveltejs/kit': '2', '@sveltejs/adapter-node': '5' },
    },
    files: { 'src/routes/health/+server.ts': 'export const GET = () => new Response()' },
    expected: { start: 'node build/index.js', include: ['build'], port: 3000, health: '/health' },
  },
  {
    row: 'Astro',
    manifest: { scripts: { build: 'astro build' }, dependencies: { astro: '5', '@astrojs/node': '9' } },
    expected: { start: 'node dist/server/entry.mjs', include: ['dist', 'node_modules'], port: 4321, health: '/' },
  },
  {
    row: 'React Router',
    manifest: {
      scripts: { build: 'react-router build', start: 'react-router-serve ./build/server/index.js' },
      dependencies: { '@react-router/serve': '7' },
    },
    files: { 'app/routes/healthcheck.tsx': 'export const loader = () => new Response()' },
    expected: { include: ['build', 'node_modules'], health: '/healthcheck' },
  },
  {
    row: 'Remix',
    manifest: {
      scripts: { build: 'remix vite:build', start: 'remix-serve ./build/server/index.js' },
      dependencies: { '@remix-run/serve': '2' },
    },
    expected: { start: 'node node_modules/@remix-run/serve/dist/cli.js build/server/index.js', port: 3000 },
  },
  {
    row: 'AdonisJS',
    manifest: { scripts: { build: 'node ace build' }, dependencies: { '@adonisjs/core': '6' } },
    files: { 'start/routes.ts': "router.get('/health', ok)" },
    expected: { start: 'node build/bin/server.js', include: ['build', 'node_modules'], port: 3333, health: '/health' },
  },
  {
    row: '',
    manifest: { scripts: { start: 'node server.js' } },
    files: { 'server.js': 'createServer(ok).listen(process.env.PORT ?? 8123)', '.env.example': "A_KEY=\nQUOTE=it's\n" },
    expected: { start: 'node server.js', include: [], port: 8123, health: '/', secrets: ['A_KEY'] },
  },
  {
    row: '',
    manifest: { scripts: { start: 'node worker.js' } },
    files: { 'worker.js': 'setInterval(() => {}, 1000)' },
    expected: { start: 'node worker.js', include: [] },
  },
]

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'axle-init-'))
  await mkdir(join(root, 'node_modules', '@axle-ia'), { recursive: true })
  await symlink(join(packages, 'axle'), join(root, 'node_modules', 'axle'))
  for (const name of ['core', 'plugin-systemd', 'plugin-nginx'])
    await symlink(join(packages, name), join(root, 'node_modules', '@axle-ia', name))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function axle(folder: string, ...words: readonly string[]) {
  return execa(process.execPath, [BIN, ...words], { cwd: folder, reject: false, stdin: 'ignore' })
}

test('every framework that can be deployed has a fixture here', () => {
  const rows = FRAMEWORKS.filter((row) => row.problem === undefined).map(({ name }) => name)
  expect(FIXTURES.map(({ row }) => row)).toEqual(expect.arrayContaining(rows))
})

test.each(FIXTURES.map((fixture, at) => ({ ...fixture, at })))(
  '$row $at: what is written is what was found, and the real loader takes it',
  async ({ row, manifest, files = {}, expected, at }) => {
    const folder = join(root, `fixture-${at}`)
    for (const [path, text] of Object.entries({
      'package.json': JSON.stringify({ name: 'shop', ...manifest }),
      ...files,
    })) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    const done = await axle(folder, 'init', '--yes', '--json', '--domain', 'shop.example.com')
    expect(done.exitCode, done.stdout).toBe(0)
    const said = JSON.parse(done.stdout)
    expect(said.found).toMatchObject({ name: 'shop', packageManager: 'npm', ...expected })
    expect(said.found.framework ?? '').toBe(row)
    expect(said).toMatchObject({ written: true, installed: [] })
    expect(await readFile(join(folder, 'axle.config.ts'), 'utf8')).toBe(said.config)
    // Nothing listens there: it gets that far only with a config that is loaded and valid.
    const asked = await axle(folder, 'status', '--json', '--host', 'root@127.0.0.1:1')
    expect(JSON.parse(asked.stdout)).toMatchObject({ error: { code: 'AXLE_UNREACHABLE' } })
  },
  60_000,
)

test('all of them typecheck, under strict rules', async () => {
  const options = {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2023',
    exactOptionalPropertyTypes: true,
    types: [],
  }
  await writeFile(
    join(root, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['fixture-*/axle.config.ts'] }),
  )
  await writeFile(join(root, 'package.json'), '{"type":"module"}')
  const { all, exitCode } = await execa('tsc', ['--project', root, '--listFilesOnly'], { all: true, reject: false })
  expect(all.match(/fixture-\d+\/axle\.config\.ts/g)).toHaveLength(FIXTURES.length)
  expect(exitCode).toBe(0)
  const checked = await execa('tsc', ['--project', root], { all: true, reject: false })
  expect(checked.all).toBe('')
}, 60_000)
