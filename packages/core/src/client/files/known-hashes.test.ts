import { hash } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { collect } from './collect.ts'
import { KnownHashes } from './known-hashes.ts'

let base: string
let root: string
let cache: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'axle-known-'))
  root = join(base, 'root')
  cache = join(base, 'cache')
  await mkdir(join(root, '.git'), { recursive: true })
})
afterEach(() => rm(base, { recursive: true, force: true }))

const sha = (text: string) => hash('sha256', text, 'hex')
const look = (path: string) => lstatSync(join(root, path), { bigint: true })
/** A moment at which nothing of now is fresh any more. */
const later = () => BigInt(Date.now() + 60_000) * 1_000_000n
const now = () => BigInt(Date.now()) * 1_000_000n

async function remember(path: string, sha256: string, since = later()): Promise<void> {
  const known = await KnownHashes.open(root, cache)
  known.note(path, look(path), sha256, since)
  await known.save()
}

test('a hash is known as long as the file is the same', async () => {
  await writeFile(join(root, 'a'), 'one')
  await remember('a', sha('one'))
  expect((await KnownHashes.open(root, cache)).find('a', look('a'))).toBe(sha('one'))
  expect((await KnownHashes.open(root, cache)).find('b', look('a'))).toBeUndefined()
  expect((await KnownHashes.open(join(root, 'other'), cache)).find('a', look('a'))).toBeUndefined()
})

test('a change is noticed whose size and mtime are as before', async () => {
  await writeFile(join(root, 'a'), 'one')
  await remember('a', sha('one'))
  const { atime, mtime } = await stat(join(root, 'a'))
  await writeFile(join(root, 'a'), 'two')
  await utimes(join(root, 'a'), atime, mtime)
  expect((await KnownHashes.open(root, cache)).find('a', look('a'))).toBeUndefined()
})

test('so is another file in its place', async () => {
  await writeFile(join(root, 'a'), 'one')
  await remember('a', sha('one'))
  await writeFile(join(root, 'b'), 'two')
  await rename(join(root, 'b'), join(root, 'a'))
  expect((await KnownHashes.open(root, cache)).find('a', look('a'))).toBeUndefined()
})

test('what was hashed as soon as it was written is not kept: a write after that could look the same', async () => {
  await writeFile(join(root, 'a'), 'one')
  await remember('a', sha('one'), now())
  expect((await KnownHashes.open(root, cache)).find('a', look('a'))).toBeUndefined()
})

test('a cache that is damaged is none, and one that cannot be written is no error', async () => {
  await writeFile(join(root, 'a'), 'one')
  await remember('a', sha('one'))
  const [name = ''] = await readdir(cache)
  await writeFile(join(cache, name), '{"v":1')
  expect((await KnownHashes.open(root, cache)).find('a', look('a'))).toBeUndefined()
  const nowhere = await KnownHashes.open(root, join(root, 'a', 'b'))
  nowhere.note('a', look('a'), sha('one'), later())
  await nowhere.save()
})

test('collect() takes what is known, hashes the rest, and forgets what is gone', async () => {
  await writeFile(join(root, 'a'), 'one')
  await writeFile(join(root, 'b'), 'two')
  // Not its real hash: so one sees which of them was taken.
  await remember('a', sha('remembered'))
  const { manifest, contents } = await collect(root, [], await KnownHashes.open(root, cache))
  expect(manifest).toMatchObject([
    { path: 'a', sha256: sha('remembered'), size: 3 },
    { path: 'b', sha256: sha('two'), size: 3 },
  ])
  expect(contents.get(sha('remembered'))).toMatchObject({ size: 3 })
  await rm(join(root, 'a'))
  await collect(root, [], await KnownHashes.open(root, cache))
  const [name = ''] = await readdir(cache)
  expect(JSON.parse(await readFile(join(cache, name), 'utf8'))).toMatchObject({ files: {} })
})
