import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { STORE } from '../../protocol/layout.ts'
import type { Manifest, ReleaseRecord } from '../../protocol/release.ts'
import type { LocalHost } from '../host/local-host.ts'
import { makeTestHost } from '../host/test-host.ts'
import { contentPath, RECEIVING } from './content-key.ts'
import { ContentStore } from './content-store.ts'
import { each } from './each.ts'
import { readRelease, stageRelease } from './stage-release.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const file = (path: string, text: string, mode: '644' | '755' = '644') => ({
  path,
  mode,
  sha256: hashOf(text),
  size: text.length,
})
async function* bytes(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part)
}

async function filled(...texts: string[]): Promise<{ host: LocalHost; store: ContentStore }> {
  const host = await makeTestHost()
  const store = new ContentStore(host)
  for (const text of texts) await store.receive(hashOf(text), text.length, bytes(text))
  await store.settled()
  return { host, store }
}

test('takes contents in, knows what is missing, and refuses what is damaged', async () => {
  const { host, store } = await filled('one')
  expect(await store.has([file('a', 'one'), file('b', 'one', '755'), file('c', 'two'), file('d', 'two')])).toEqual([
    hashOf('two'),
  ])
  await store.receive(hashOf('two'), 3, bytes('t', 'wo'))
  await store.settled()
  expect(await store.has([file('c', 'two')])).toEqual([])
  for (const [size, text] of [
    [5, 'wrong'],
    [5, 'three and more'],
    [5, 'thr'],
  ] as const) {
    await expect(store.receive(hashOf('three'), size, bytes(text))).rejects.toMatchObject({ code: 'AXLE_WIRE' })
  }
  expect(await store.has([file('e', 'three')])).toEqual([hashOf('three')])
  expect(await readdir(host.path(RECEIVING))).toEqual([])
  expect((await host.stat(STORE))?.mode).toBe('700')
})

test('many contents are brought to the disk by one sync, and have their names only after it', async () => {
  const host = await makeTestHost()
  const store = new ContentStore(host)
  const texts = Array.from({ length: 40 }, (_, index) => `text ${index}`)
  const manifest = texts.map((text) => file(text, text))
  const failing = vi.spyOn(host, 'run').mockRejectedValue(new Error('the disk is gone'))
  for (const text of texts) await store.receive(hashOf(text), text.length, bytes(text))
  await expect(store.settled()).rejects.toThrow('the disk is gone')
  expect(await store.has(manifest)).toHaveLength(texts.length)
  expect(await readdir(host.path(RECEIVING))).toEqual([])
  failing.mockRestore()
  const run = vi.spyOn(host, 'run')
  for (const text of texts) await store.receive(hashOf(text), text.length, bytes(text))
  await store.settled()
  expect(run.mock.calls.map(([argv]) => argv.slice(0, 2))).toEqual([['sync', '-f']])
  expect(await store.has(manifest)).toEqual([])
  const one = host.path(contentPath(hashOf('text 1'), '644'))
  expect((await lstat(one)).mode & 0o777).toBe(0o644)
})

test('contents larger than what is held at once', async () => {
  const text = 'x'.repeat(300_000)
  const { host, store } = await filled(text)
  expect(await store.has([file('x', text)])).toEqual([])
  const path = host.path(contentPath(hashOf(text), '644'))
  expect((await lstat(path)).mode & 0o777).toBe(0o644)
  expect(await readFile(path, 'utf8')).toBe(text)
})

test('lays a manifest out: hard links, both modes of one content, folders and links', async () => {
  const { host, store } = await filled('one', '')
  const manifest: Manifest = [
    file('a/b/run', 'one', '755'),
    file('a/text', 'one'),
    file('empty', ''),
    { path: 'a/l', link: '../empty' },
  ]
  await store.materialise(manifest, '/app')
  const stat = (path: string) => lstat(host.path(path))
  expect((await stat('/app/a/b/run')).mode & 0o777).toBe(0o755)
  expect((await stat('/app/a/text')).mode & 0o777).toBe(0o644)
  expect((await stat('/app/a/b')).mode & 0o777).toBe(0o755)
  expect((await stat('/app/a/text')).ino).toBe((await stat(contentPath(hashOf('one'), '644'))).ino)
  expect(await readlink(host.path('/app/a/l'))).toBe('../empty')
  expect(await readFile(host.path('/app/a/b/run'), 'utf8')).toBe('one')
  await expect(store.materialise(manifest, '/app')).rejects.toMatchObject({ code: 'AXLE_FILES' })
  await expect(store.materialise([file('x', 'absent')], '/other')).rejects.toMatchObject({ code: 'AXLE_STATE' })
})

test('never writes through a link of the manifest', async () => {
  const { host, store } = await filled('one')
  await host.makeDirectory('/victim', { mode: '755' })
  const evil: Manifest = [{ path: 'd', link: '../victim' }, file('d/planted', 'one')]
  await expect(store.materialise(evil, '/app')).rejects.toMatchObject({ code: 'AXLE_FILES' })
  expect(await host.list('/victim')).toEqual([])
})

test('prunes what no release uses, after its grace time', async () => {
  const { host, store } = await filled('used', 'unused')
  await store.materialise([file('x', 'used')], '/app')
  expect(await store.prune(60_000)).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await store.prune(5)).toBe(1)
  expect(await store.has([file('x', 'used'), file('y', 'unused')])).toEqual([hashOf('unused')])
  await host.remove('/app', { recursive: true })
  expect(await store.prune(60_000)).toBe(0)
})

test('each() runs no more at once than told, and throws the first failure', async () => {
  let now = 0
  let most = 0
  await each(Array.from({ length: 20 }), 4, async () => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 1))
    now -= 1
  })
  expect(most).toBe(4)
  await expect(each([1, 2, 3], 2, (item) => Promise.reject(new Error(String(item))))).rejects.toThrow('1')
})

test('stages a release whole, once', async () => {
  const { host, store } = await filled('one')
  const record: ReleaseRecord = {
    v: 1,
    id: '0123456789ab',
    service: {
      name: 'api',
      runtime: { kind: 'command', options: {} },
      start: ['./x'],
      overlap: true,
      after: [],
      env: {},
      drain: 0,
      keep: 5,
      extensions: {},
      hooks: [],
    },
    files: [file('x', 'one', '755')],
    resources: [],
    createdAt: '2025-01-01T00:00:00.000Z',
    operation: 'op',
    axle: '0.0.0',
  }
  await host.makeDirectory('/opt/api/releases/.0123456789ab.tmp/app', { mode: '755' })
  expect(await stageRelease(host, { record, store })).toEqual({ staged: true })
  expect(await host.list('/opt/api/releases')).toEqual(['0123456789ab'])
  expect(await host.list('/opt/api/releases/0123456789ab')).toEqual(['app', 'release.json'])
  expect(await readRelease(host, 'api', record.id)).toEqual(record)
  expect(await stageRelease(host, { record })).toEqual({ staged: false })
  await expect(readRelease(host, 'api', 'ffffffffffff')).rejects.toMatchObject({ code: 'AXLE_UNKNOWN' })
})
