import { setTimeout as sleep } from 'node:timers/promises'
import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { API, configText, get, Project, serverText } from './project.ts'

const host = useHost()
let project: Project
const slow = (version: string) =>
  serverText(version).replace(
    "console.log('version",
    "await new Promise((done) => setTimeout(done, 2000))\nconsole.log('version",
  )
host.beforeAll(async () => {
  project = await Project.create(host, { 'axle.config.ts': configText(API), 'server.js': slow('one') })
  const ran = await project.axle(['deploy'])
  if (ran.exitCode !== 0) throw new Error(ran.screen)
}, 120_000)

test('the viewer killed in the middle: the deploy ends on the host, and status tells how', async () => {
  await project.write({ 'server.js': slow('two') })
  const viewer = project.start(['deploy', '--json'])
  // It is under way once the host has said so: then the process dies, without a word to anybody.
  await new Promise<void>((resolve) => {
    viewer.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('"start"')) resolve()
    })
  })
  viewer.kill('SIGKILL')
  await viewer
  const second = await project.axle(['deploy'])
  expect(second.exitCode, second.screen).toBe(4)
  expect(second.screen).toContain('under way')
  for (let waited = 0; waited < 60; waited++) {
    const { stdout } = await project.axle(['status', '--json'])
    const status = JSON.parse(stdout)
    if (status.operation.outcome !== 'running') {
      expect(status).toMatchObject({ operation: { kind: 'deploy', outcome: 'done' }, services: [{ healthy: true }] })
      break
    }
    await sleep(500)
  }
  expect(JSON.parse((await get(host, '/api/')).text).version).toBe('two')
}, 120_000)
