import { utimes, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { makeTestHost } from '../host/test-host.ts'
import { pruneProject } from './prune.ts'

test('old engines and operations go; what is needed, new or not ours stays', async () => {
  const host = await makeTestHost()
  const folder = '/opt/axle/projects/demo'
  await host.makeDirectory(`${folder}/operations`, { mode: '755' })
  const engines = ['1111111111111111', '2222222222222222', '3333333333333333'].map((hash) => `engine-${hash}.cjs`)
  for (const name of [...engines, 'state.db']) await writeFile(host.path(`${folder}/${name}`), '')
  for (const name of engines.slice(0, 2)) await utimes(host.path(`${folder}/${name}`), 1, 1)
  const names = Array.from({ length: 103 }, (_, index) => `20260101-000000-${String(index).padStart(4, '0')}`)
  for (const name of names) await host.makeDirectory(`${folder}/operations/${name}`, { mode: '755' })
  await pruneProject(host, 'demo', new Set(['2222222222222222']))
  expect(await host.list(folder)).toEqual([
    'engine-2222222222222222.cjs',
    'engine-3333333333333333.cjs',
    'operations',
    'state.db',
  ])
  expect(await host.list(`${folder}/operations`)).toEqual(names.slice(3))
})
