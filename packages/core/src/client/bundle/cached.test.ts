import { mkdir, mkdtemp, readdir, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cachedBundle } from './cached.ts'
import { sourcesOf } from './inputs.ts'
import { bundleOf } from './made.ts'

let root: string
let made = 0
beforeEach(async () => {
  made = 0
  root = await mkdtemp(join(tmpdir(), 'axle-bundle-'))
  await mkdir(join(root, 'src'))
  await mkdir(join(root, 'node_modules'))
  await mkdir(join(root, 'one'))
  await mkdir(join(root, 'two'))
  await mkdir(join(root, 'cache'))
  await write('axle.config.ts', '')
  await write('src/a.js', 'one')
  await symlink('../one', join(root, 'node_modules/helper'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** Long ago, so that it counts as settled. */
async function write(name: string, text: string, time = 1_000_000_000): Promise<void> {
  await writeFile(join(root, name), text)
  for (const one of [name, 'src', '.']) await utimes(join(root, one), time, time)
}

async function bundle(): Promise<string> {
  const result = await cachedBundle(
    { file: join(root, 'axle.config.ts'), form: 'config' },
    async () => {
      made += 1
      return {
        bundle: bundleOf(Buffer.from(`bundle ${made}`)),
        sources: { files: [join(root, 'src/a.js')], places: [join(root, 'node_modules/helper')] },
      }
    },
    join(root, 'cache'),
  )
  return Buffer.from(await result.read()).toString('utf8')
}

it.each<[string, () => Promise<void>]>([
  ['a file changes', () => write('src/a.js', 'two', 1_000_000_001)],
  ['a file changes, its time put back', () => write('src/a.js', 'two')],
  ['a file comes beside it', () => write('src/a.json', '', 1_000_000_002)],
  ['the file goes', () => rm(join(root, 'src/a.js'))],
  ['a package.json comes above it', () => writeFile(join(root, 'src/package.json'), '{}')],
  [
    'a package is found elsewhere',
    async () => {
      await unlink(join(root, 'node_modules/helper'))
      await symlink('../two', join(root, 'node_modules/helper'))
    },
  ],
  [
    'the copy was changed',
    async () => {
      for (const name of await readdir(join(root, 'cache')))
        if (name.endsWith('.cjs')) await writeFile(join(root, 'cache', name), 'bundle X')
    },
  ],
])('is made once, and again when %s', async (_, change) => {
  expect(await bundle()).toBe('bundle 1')
  expect(await bundle()).toBe('bundle 1')
  await change()
  expect(await bundle()).toBe('bundle 2')
})

it('is not kept where something changed while it was made', async () => {
  await write('src/a.js', 'one', Date.now() / 1000 + 60)
  await bundle()
  await bundle()
  expect(made).toBe(2)
})

it('looks for packages wherever an import would', () => {
  const input = (original: string) => ({
    bytes: 1,
    imports: [{ path: 'x', kind: 'import-statement' as const, original }],
  })
  const { places } = sourcesOf(
    { inputs: { 'p/a.js': input('@scope/one/deep'), 'b.js': input('./near.js') }, outputs: {} },
    (path) => `/${path}`,
  )
  expect(places).toEqual(['/p/node_modules/@scope/one', '/node_modules/@scope/one'])
})
