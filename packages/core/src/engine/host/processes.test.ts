import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { memoryOf, processesWith } from './processes.ts'
import { makeTestHost } from './test-host.ts'

async function hostWith(files: Readonly<Record<string, string>>) {
  const host = await makeTestHost()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(host.path(path)), { recursive: true })
    await writeFile(host.path(path), text)
  }
  return host
}
const GROUP = '0::/system.slice/api-a.service\n'
const PROCESSES = {
  '/proc/1/cgroup': '0::/init.scope\n',
  '/proc/10/cgroup': GROUP,
  '/proc/11/cgroup': GROUP,
  '/proc/10/smaps_rollup': 'Rss: 900 kB\nPss:                 100 kB\n',
  '/proc/11/smaps_rollup': 'Rss: 900 kB\nPss:                  50 kB\n',
}

test('processes of one unit, and their memory by process where the group does not tell', async () => {
  const host = await hostWith(PROCESSES)
  expect(await processesWith(host, 10)).toEqual([10, 11])
  expect(await processesWith(host, 99)).toEqual([])
  expect(await memoryOf(host, [10, 11])).toBe(150 * 1024)
  expect(await memoryOf(host, [])).toBeUndefined()
})

test('a group that tells: without the cache that the kernel takes back', async () => {
  const folder = '/sys/fs/cgroup/system.slice/api-a.service'
  const host = await hostWith({
    ...PROCESSES,
    [`${folder}/memory.current`]: '5000000\n',
    [`${folder}/memory.stat`]: 'anon 2000000\ninactive_file 1000000\nactive_file 500000\n',
  })
  expect(await memoryOf(host, [10, 11])).toBe(3_500_000)
})
