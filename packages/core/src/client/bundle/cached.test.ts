import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cachedBundle } from './cached.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'axle-bundle-'))
  await mkdir(join(root, 'src'))
  await write('src/a.js', 'one')
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** Long ago, so that it counts as settled. */
async function write(name: string, text: string, time = 1_000_000_000): Promise<void> {
  await writeFile(join(root, name), text)
  await utimes(join(root, name), time, time)
  await utimes(join(root, 'src'), time, time)
}

let made = 0
async function bundle() {
  const bytes = Buffer.from(`bundle ${made}`)
  const result = await cachedBundle(
    { file: join(root, 'axle.config.ts'), form: 'config' },
    async () => {
      made += 1
      const hash = `hash${made}`
      return {
        bundle: { hash, sha256: hash, size: bytes.length, read: async () => bytes },
        files: [join(root, 'src/a.js')],
      }
    },
    join(root, 'cache'),
  )
  return { hash: result.hash, text: Buffer.from(await result.read()).toString('utf8') }
}

it('is made once, and again when a file, its folder or the copy changes', async () => {
  made = 0
  const first = await bundle()
  expect(await bundle()).toEqual(first)
  expect(made).toBe(1)
  await write('src/a.js', 'two', 1_000_000_001)
  expect((await bundle()).hash).toBe('hash2')
  await write('src/a.json', 'beside it', 1_000_000_002)
  expect((await bundle()).hash).toBe('hash3')
  await rm(join(root, 'src/a.js'))
  expect((await bundle()).hash).toBe('hash4')
})

it('is not kept where something changed while it was made', async () => {
  made = 0
  await write('src/a.js', 'one', Date.now() / 1000 + 60)
  await bundle()
  await bundle()
  expect(made).toBe(2)
})
