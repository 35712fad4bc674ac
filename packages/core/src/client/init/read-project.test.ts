import { describe, expect, it } from 'vitest'
import { AxleError } from '../../protocol/errors.ts'
import { type Found, readProject } from './read-project.ts'
import { memoryTree } from './tree.ts'

type Files = Readonly<Record<string, string>>

function read(manifest: object | undefined, files: Files = {}, member = false): Promise<Found> {
  const all = manifest === undefined ? files : { 'package.json': JSON.stringify(manifest), ...files }
  return readProject(memoryTree(all), {
    folder: '/work/shop',
    member,
    startOtherwise: (problem) => Promise.reject(problem),
  })
}

const server = { 'server.js': 'app.listen(process.env.PORT ?? 3000)' }

describe('what travels', () => {
  const start = 'node dist/server.js'
  it.each<[what: string, manifest: object, files: Files, include: string[]]>([
    ['nothing more, without a build and packages', { scripts: { start: 'node server.js' } }, server, []],
    ['packages', { scripts: { start: 'node server.js' }, dependencies: { a: '1' } }, server, ['node_modules']],
    ['what the build makes', { scripts: { start, build: 'tsc' } }, {}, ['dist']],
    ['both', { scripts: { start, build: 'tsc' }, dependencies: { a: '1' } }, {}, ['dist', 'node_modules']],
    [
      'no packages that esbuild has bundled',
      { scripts: { start, build: 'esbuild src/server.ts --bundle --outdir=dist' }, dependencies: { a: '1' } },
      {},
      ['dist'],
    ],
    [
      'packages that esbuild leaves out',
      {
        scripts: { start, build: 'esbuild s.ts --bundle --packages=external --outdir=dist' },
        dependencies: { a: '1' },
      },
      {},
      ['dist', 'node_modules'],
    ],
    [
      'no packages that tsup has bundled',
      { scripts: { start, build: 'tsup' }, dependencies: { a: '1' } },
      { 'tsup.config.ts': 'export default { noExternal: [/.*/] }' },
      ['dist'],
    ],
    [
      'the loader of a start',
      { scripts: { start: 'tsx server.ts' }, devDependencies: { tsx: '4' } },
      {},
      ['node_modules'],
    ],
  ])('%s', async (_, manifest, files, include) => {
    expect((await read(manifest, files)).include).toEqual(include)
  })

  it('of a workspace are no packages: they lie outside', async () => {
    const found = await read({ scripts: { start: 'node server.js' }, dependencies: { a: '1' } }, server, true)
    expect(found.include).toEqual([])
    expect(found.notes).toEqual([expect.stringContaining('bundle them')])
  })

  it('is looked at for a file of secrets', async () => {
    const files = { ...server, '.env': 'KEY=1' }
    expect((await read({}, files)).notes).toEqual([expect.stringContaining('.env is not ignored by git')])
    expect((await read({}, { ...files, '.gitignore': '.env\n' })).notes).toEqual([])
  })
})

it.each<[what: string, manifest: object, files: Files, port: number | undefined]>([
  ['the start script', { scripts: { start: 'PORT=4001 node server.js' } }, server, 4001],
  ['the code', {}, { 'server.js': 'app.listen(process.env.PORT ?? 4002)' }, 4002],
  ['.env.example', {}, { 'server.js': 'app.listen(process.env.PORT)', '.env.example': 'PORT=4003' }, 4003],
  ['the framework', { dependencies: { polka: '1' } }, { 'server.js': 'start()' }, 3000],
  ['none: a worker', {}, { 'index.js': 'setInterval(work, 1000)' }, undefined],
  ['3000 in place of one that needs root', {}, { 'server.js': 'app.listen(process.env.PORT ?? 80)' }, 3000],
])('the port is of %s', async (_, manifest, files, port) => {
  expect((await read(manifest, files)).port).toBe(port)
})

it.each<[what: string, files: Files, engines: object, version: string]>([
  ['nothing', {}, {}, '24'],
  ['engines that 24 fits', {}, { node: '>=20' }, '24'],
  ['engines that 24 does not fit', {}, { node: '^22.4' }, '^22.4'],
  ['.nvmrc', { '.nvmrc': 'v22.11.0\n' }, { node: '>=20' }, '22.11.0'],
  ['a .nvmrc that names no version', { '.nvmrc': 'lts/jod\n' }, {}, '24'],
])('the Node of %s', async (_, files, engines, version) => {
  expect((await read({ engines }, { ...server, ...files })).node).toBe(version)
})

it.each<[what: string, manifest: object | undefined, files: Files, message: string, hint: string]>([
  ['an empty folder', undefined, {}, 'is empty', 'npm init -y'],
  ['no package.json', undefined, { 'notes.md': '' }, 'no package.json', 'npm init -y'],
  ['Python', undefined, { 'pyproject.toml': '' }, 'a Python project', 'Python comes with a later release'],
  ['Python by requirements', undefined, { 'requirements.txt': '', 'main.py': '' }, 'Python', 'later release'],
  ['Go', undefined, { 'go.mod': '' }, 'Go', 'runtime: command()'],
  ['Rust', undefined, { 'Cargo.toml': '' }, 'Rust', './target/release/server'],
  ['Java', undefined, { 'pom.xml': '' }, 'Axle brings nothing for', 'runtime: command()'],
  ['a broken package.json', undefined, { 'package.json': '{' }, 'package.json is not JSON', 'Mend it'],
  ['nothing that starts it', {}, { 'lib/a.js': '' }, 'does not say how the server starts', 'a script "start"'],
  ['a start of Bun', { scripts: { start: 'bun server.ts' } }, {}, 'not bun', 'a script "start"'],
  [
    'a static export',
    { dependencies: { next: '15' } },
    { 'next.config.js': "x = { output: 'export' }" },
    'no server',
    '',
  ],
  ['Astro without a server', { dependencies: { astro: '5' } }, {}, '@astrojs/node', ''],
])('refuses %s, and says what to do', async (_, manifest, files, message, hint) => {
  const thrown = await read(manifest, files).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(AxleError)
  expect(thrown).toMatchObject({
    code: 'AXLE_INIT',
    exit: 2,
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  })
})

it('names the servers of a workspace', async () => {
  const files = {
    'packages/api/package.json': JSON.stringify({ name: '@acme/api', dependencies: { fastify: '5' } }),
    'packages/jobs/package.json': JSON.stringify({ name: 'jobs', scripts: { start: 'node jobs.js' } }),
    'packages/lib/package.json': JSON.stringify({ name: 'lib' }),
  }
  const hint = [
    'These look like servers:',
    'cd packages/api && npx axle init    # @acme/api: Fastify',
    'cd packages/jobs && npx axle init    # jobs: start: node jobs.js',
  ].join('\n')
  await expect(read({ workspaces: ['packages/*'] }, files)).rejects.toMatchObject({ code: 'AXLE_INIT', hint })
  await expect(read({}, { ...files, 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' })).rejects.toMatchObject({
    hint,
  })
})
