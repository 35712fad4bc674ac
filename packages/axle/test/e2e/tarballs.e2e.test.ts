import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { useHost } from '@axle-ia/testbed/vitest'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { pack } from './pack.ts'
import { get } from './project.ts'

/** A server as somebody has it: a build, a package from the registry, and nothing of Axle. */
const SERVER = {
  'package.json': JSON.stringify({
    name: '@acme/Guest Book',
    private: true,
    type: 'module',
    scripts: {
      build: 'esbuild src/server.ts --outfile=dist/server.js --format=esm',
      start: 'node --enable-source-maps dist/server.js',
    },
    dependencies: { express: '^5.1.0' },
    devDependencies: { esbuild: '^0.28.2' },
  }),
  '.gitignore': 'node_modules\ndist\n.env\n',
  '.env.example': 'PORT=4300\nGREETING=Welcome\n# SENTRY_DSN=\n',
  'src/server.ts': `
import express from 'express'

const app = express()
const port: number = Number(process.env.PORT ?? 4300)
app.get('/healthz', (_request, response) => { response.send('ready') })
app.get('/', (_request, response) => { response.send(process.env.GREETING + ' to the guest book') })
app.listen(port, process.env.HOST ?? '127.0.0.1')
`,
}

const host = useHost()
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axle-tarballs-'))
  folders.push(folder)
  return folder
}

test('a project of somebody else: installed from tarballs, axle init, axle deploy', async () => {
  const packed = await pack(await temporary())
  const project = await temporary()
  for (const [path, text] of Object.entries(SERVER)) {
    await mkdir(dirname(join(project, path)), { recursive: true })
    await writeFile(join(project, path), text)
  }
  const run = (file: string, words: readonly string[]) =>
    execa(file, words, { cwd: project, reject: false, all: true, stdin: 'ignore' })
  const installed = await run('npm', ['install', '--no-audit', '--no-fund', '--save-dev', ...Object.values(packed)])
  expect(installed.exitCode, installed.all).toBe(0)
  const before = await readFile(join(project, 'package.json'), 'utf8')

  const init = await run('npx', ['axle', 'init', '--yes'])
  expect(init.exitCode, init.all).toBe(0)
  expect(init.all).toContain('npx axle deploy --host')
  expect(await readFile(join(project, 'package.json'), 'utf8'), 'both packages are there already').toBe(before)
  const config = await readFile(join(project, 'axle.config.ts'), 'utf8')
  expect(config).toContain("name: 'guest-book'")
  expect(config).toContain("include: ['dist', 'node_modules']")
  expect(config).toContain("health: { path: '/healthz', within: '30s' }, // src/server.ts:6")

  const again = await run('npx', ['axle', 'init', '--yes'])
  expect(again.exitCode).toBe(2)
  expect(again.all).toContain(join(project, 'axle.config.ts'))

  const { user, address, port, identity, hostKey } = host
  const there = ['--host', `${user}@${address}:${port}`, '--identity', identity, '--host-key', hostKey]
  const deployed = await run('npx', ['axle', 'deploy', ...there])
  expect(deployed.exitCode, deployed.all).toBe(0)
  expect(await get(host, '/')).toMatchObject({ status: 200, text: 'Welcome to the guest book' })
  const status = await run('npx', ['axle', 'status', ...there])
  expect(status.exitCode, status.all).toBe(0)
  expect(status.stdout).toContain('guest-book')

  const same = await run('npx', ['axle', 'deploy', ...there])
  expect(same.exitCode, same.all).toBe(0)
  expect(same.all).toMatch(/unchanged|nothing to do/i)
}, 400_000)
