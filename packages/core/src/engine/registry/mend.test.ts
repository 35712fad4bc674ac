import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { Bench } from '../../../test/fakes/bench.ts'
import { CLAIMS, type Claims } from './claims.ts'
import { mendRegistry } from './mend.ts'
import { deployedServices, PORTS } from './services.ts'

const silent = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }
const PROJECT = '/opt/axle/projects/bench'

/** A project that has deployed, as its neighbours find it. */
async function neighbour(bench: Bench): Promise<void> {
  await bench.deploy('one')
  await bench.host.write(`${PROJECT}/run`, '#!/bin/sh\n', { mode: '755' })
  await bench.host.write(`${PROJECT}/latest.json`, '{', { mode: '644' })
}

const schemaOf = (bench: Bench) => {
  using db = new DatabaseSync(bench.host.path(`${PROJECT}/state.db`), { readOnly: true })
  return db.prepare('PRAGMA user_version').get()?.['user_version']
}

test('a project whose config cannot be read keeps its names and ports', async () => {
  await using bench = await Bench.create()
  await neighbour(bench)
  const before = await bench.host.read(PORTS)
  const deployed = await deployedServices(bench.host)
  // Whatever else is damaged too, something still knows of the service.
  for (const damage of [[PORTS], ['/var/lib/axle/host/services.json'], [PORTS, '/var/lib/axle/host/services.json']]) {
    for (const path of damage) await bench.host.write(path, '{', { mode: '644' })
    await mendRegistry(bench.host, silent)
    const ports: unknown = JSON.parse((await bench.host.read(PORTS)) ?? '')
    expect(ports).toMatchObject({ services: { api: { project: 'bench', ports: { a: bench.port } } } })
    expect(await deployedServices(bench.host)).toMatchObject([{ name: 'api', project: 'bench', route: '/api/' }])
    if (damage.length === 1) expect(ports).toEqual(JSON.parse(before ?? ''))
  }
  expect(deployed).toHaveLength(1)
})

test('a release whose record is damaged as well: what was written down counts', async () => {
  await using bench = await Bench.create()
  await neighbour(bench)
  const { release } = await bench.live()
  await bench.host.write(`/opt/api/releases/${release}/release.json`, '{', { mode: '644' })
  await bench.host.write(PORTS, '{', { mode: '644' })
  await mendRegistry(bench.host, silent)
  expect(JSON.parse((await bench.host.read(PORTS)) ?? '')).toMatchObject({
    services: { api: { ports: { a: bench.port } } },
  })
})

test("a neighbour's state is never written to, and one that is newer stops nobody", async () => {
  await using bench = await Bench.create()
  await neighbour(bench)
  const claims: Claims = JSON.parse((await bench.host.read(CLAIMS)) ?? '')
  const held = { inputs: 1, projects: ['bench'], renderer: '1.0.0', spec: 1 }
  const damaged = { v: 1, claims: { ...claims.claims, 'file:/etc/shared': held, broken: 7 } }
  for (const [version, sql] of [
    [0, 'ALTER TABLE resources RENAME COLUMN resource TO body'],
    [99, ''],
  ] as const) {
    {
      using db = new DatabaseSync(bench.host.path(`${PROJECT}/state.db`))
      db.exec(`PRAGMA user_version = ${version}; ${sql}`)
    }
    await bench.host.write(CLAIMS, JSON.stringify(damaged), { mode: '644' })
    await mendRegistry(bench.host, silent)
    expect(schemaOf(bench)).toBe(version)
    const mended: Claims = JSON.parse((await bench.host.read(CLAIMS)) ?? '')
    expect(mended.claims['file:/etc/shared']).toEqual(held)
  }
})
