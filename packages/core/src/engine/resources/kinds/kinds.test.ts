import { userInfo } from 'node:os'
import { expect, test } from 'vitest'
import type { ResourceKind } from '../../../define/kind.ts'
import type { Json } from '../../../protocol/json.ts'
import type { Host } from '../../host/host.ts'
import { makeTestHost } from '../../host/test-host.ts'
import { directoryKind } from './directory.ts'
import { fileKind } from './file.ts'
import { linkKind } from './link.ts'
import { getent } from './owners.ts'
import { unitKind } from './unit.ts'

const signal = new AbortController().signal

async function look(kind: ResourceKind, host: Host, id: string, spec: Json) {
  const found = await kind.inspect(host, [{ id, spec }])
  const comparison = found.comparisons.get(id)
  return {
    present: found.present.has(id),
    same: comparison !== undefined && 'same' in comparison ? comparison.same : undefined,
    aspects: comparison !== undefined && 'changes' in comparison ? comparison.changes.map(({ aspect }) => aspect) : [],
    changes: comparison !== undefined && 'changes' in comparison ? comparison.changes : [],
    sync: () => found.sync(host, [id], signal),
  }
}

async function me(host: Host) {
  const { username, gid } = userInfo()
  const [group] = await getent(host, 'group', [String(gid)])
  return { user: username, group: group?.[0] ?? String(gid) }
}

test('a file is made, found as wanted, mended aspect by aspect, and removed', async () => {
  const host = await makeTestHost()
  const spec = { content: 'a\n', mode: '644', owner: await me(host) }
  const absent = await look(fileKind, host, '/x', spec)
  expect(absent).toMatchObject({ present: false, aspects: ['content', 'mode', 'owner'] })
  await absent.sync()
  expect((await look(fileKind, host, '/x', spec)).same).toMatch(/as wanted \(sha256 [0-9a-f]{12}\)/)
  await host.setAttributes('/x', { mode: '600' })
  const changed = await look(fileKind, host, '/x', spec)
  expect(changed.changes).toEqual([{ aspect: 'mode', from: '600', to: '644' }])
  await changed.sync()
  expect((await look(fileKind, host, '/x', { ...spec, content: 'b' })).aspects).toEqual(['content'])
  await fileKind.remove(host, [{ id: '/x', spec }], signal)
  await fileKind.remove(host, [{ id: '/x', spec }], signal)
  expect(await host.stat('/x')).toBeUndefined()
})

test('of a file that is nobody else’s not even a hash is shown', async () => {
  const host = await makeTestHost()
  const spec = { content: 'hunter2', mode: '600', owner: await me(host) }
  const absent = await look(fileKind, host, '/x', spec)
  expect(absent.changes[0]).toEqual({ aspect: 'content', to: 'not shown' })
  await absent.sync()
  expect((await look(fileKind, host, '/x', spec)).same).toBe('the file is as wanted')
})

test('a file takes the place of a link, and never of a folder', async () => {
  const host = await makeTestHost()
  const spec = { content: 'a', mode: '644', owner: await me(host) }
  await host.link('/x', 'other')
  const linked = await look(fileKind, host, '/x', spec)
  expect(linked).toMatchObject({ present: true, aspects: ['type', 'content', 'mode', 'owner'] })
  await linked.sync()
  expect(await host.read('/x')).toBe('a')
  await host.makeDirectory('/d', { mode: '755' })
  await expect((await look(fileKind, host, '/d', spec)).sync()).rejects.toMatchObject({ code: 'AXLE_NOT_OURS' })
})

test('an owner that the host does not know is named', async () => {
  const host = await makeTestHost()
  const spec = { content: 'a', mode: '644', owner: { user: 'no-such-user', group: 'root' } }
  await expect((await look(fileKind, host, '/x', spec)).sync()).rejects.toThrow('no user no-such-user')
})

test('a folder is made and mended, and its removal leaves what is in it', async () => {
  const host = await makeTestHost()
  const spec = { mode: '750', owner: await me(host) }
  await (await look(directoryKind, host, '/d', spec)).sync()
  expect((await look(directoryKind, host, '/d', spec)).same).toBeDefined()
  await host.setAttributes('/d', { mode: '777' })
  expect((await look(directoryKind, host, '/d', spec)).aspects).toEqual(['mode'])
  await (await look(directoryKind, host, '/d', spec)).sync()
  await host.write('/d/data', '', { mode: '600' })
  await directoryKind.remove(host, [{ id: '/d', spec }], signal)
  expect(await host.list('/d')).toEqual(['data'])
  await host.remove('/d/data')
  await directoryKind.remove(host, [{ id: '/d', spec }], signal)
  expect(await host.stat('/d')).toBeUndefined()
})

test('a link is made, changed and removed, and takes nothing else’s place', async () => {
  const host = await makeTestHost()
  await (await look(linkKind, host, '/l', { target: 'a' })).sync()
  expect((await look(linkKind, host, '/l', { target: 'a' })).same).toBe('the link says a')
  const changed = await look(linkKind, host, '/l', { target: 'b' })
  expect(changed.changes).toEqual([{ aspect: 'target', from: 'a', to: 'b' }])
  await changed.sync()
  await linkKind.remove(host, [{ id: '/l', spec: { target: 'b' } }], signal)
  expect(await host.stat('/l')).toBeUndefined()
  await host.write('/l', '', { mode: '644' })
  await expect((await look(linkKind, host, '/l', { target: 'a' })).sync()).rejects.toMatchObject({
    code: 'AXLE_NOT_OURS',
  })
})

test('a spec with an unknown key is refused, and so is what is no name of a unit', async () => {
  const host = await makeTestHost()
  expect(() => fileKind.check({ id: '/x', spec: { content: '', mode: '644', extra: 1 } })).toThrow('not valid')
  expect(() => fileKind.check({ id: '/x', spec: { content: '', mode: 'rw' } })).toThrow('octal')
  await expect(look(unitKind, host, '../x.service', { content: '' })).rejects.toMatchObject({ code: 'AXLE_RESOURCE' })
})
