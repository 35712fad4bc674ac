import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { startLoad } from './load.ts'
import { API, configText, Project, serverText } from './project.ts'

const host = useHost()
let project: Project
host.beforeAll(async () => {
  project = await Project.create(host, { 'axle.config.ts': configText(API), 'server.js': serverText('zero') })
  const ran = await project.axle(['deploy'])
  if (ran.exitCode !== 0) throw new Error(ran.screen)
}, 120_000)

test('keep-alive POSTs that never retry, across three deploys and a rollback: 0 failed of at least 2,000', async () => {
  const load = startLoad(host.address, '/api/echo', 10, 40)
  for (const version of ['one', 'two', 'three']) {
    await project.write({ 'server.js': serverText(version) })
    const ran = await project.axle(['deploy'])
    expect(ran.exitCode, ran.screen).toBe(0)
  }
  const back = await project.axle(['rollback'])
  expect(back.exitCode, back.screen).toBe(0)
  const { sent, failed } = await load.stop(2_000)
  console.log(`zero-drop: requests=${sent} failed=${failed.length}`)
  expect(failed).toEqual([])
  expect(sent).toBeGreaterThanOrEqual(2_000)
}, 180_000)
