import { setTimeout as sleep } from 'node:timers/promises'
import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { API, configText, get, Project, serverText } from './project.ts'

const host = useHost()
let project: Project
/** Takes its time to listen, so that there is time to look. */
const slow = (version: string, ms = 3000) =>
  serverText(version).replace(
    "console.log('version",
    `await new Promise((done) => setTimeout(done, ${ms}))\nconsole.log('version`,
  )
host.beforeAll(async () => {
  project = await Project.create(host, {
    'axle.config.ts': configText(API.replace("within: '5s'", "within: '60s'")),
    'server.js': slow('one'),
  })
}, 60_000)

const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const versionAt = async () => JSON.parse((await get(host, '/api/')).text).version
const operations = async () => JSON.parse((await project.axle(['history', '--json'])).stdout).operations

test('nothing to attach to: said, exit 2', async () => {
  const ran = await project.axle(['deploy', '--attach'])
  expect(ran.exitCode, ran.screen).toBe(2)
  expect(ran.screen).toContain('no operation')
})

test('detach, then attach: every event from the first, and its exit code; afterwards the same again', async () => {
  const left = await project.axle(['deploy', '--detach', '--json'])
  expect(left.exitCode, left.screen).toBe(0)
  const [only] = linesOf(left.stdout)
  expect(only).toMatchObject({ type: 'result', outcome: 'lost-viewer', exit: 0, op: expect.stringMatching(/^\d{8}-/) })
  const [first, second] = await Promise.all([
    project.axle(['deploy', '--attach', '--json']),
    project.axle(['rollback', '--attach', '--json']),
  ])
  for (const ran of [first, second]) {
    expect(ran.exitCode, ran.screen).toBe(0)
    const events = linesOf(ran.stdout)
    expect(events[0]).toMatchObject({ type: 'operation', kind: 'deploy', op: only.op, seq: 0 })
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index))
    expect(events.at(-1)).toMatchObject({ type: 'result', outcome: 'done' })
  }
  expect(second.stdout).toBe(first.stdout)
  expect(await versionAt()).toBe('one')
  const later = await project.axle(['deploy', '--attach', '--json'])
  expect([later.exitCode, later.stdout]).toEqual([0, first.stdout])
  const there = await host.exec(['axle', 'deploy', '--attach'])
  expect(there.exitCode, there.stderr).toBe(0)
  expect(there.stdout).toContain('Done in')
})

test('attach has the exit code of a deploy that failed, also when it comes late', async () => {
  await project.write({ 'server.js': 'process.exit(1)' })
  const left = await project.axle(['deploy', '--detach'])
  expect(left.exitCode, left.screen).toBe(0)
  expect(left.stdout).toContain('axle deploy --attach')
  for (let again = 0; again < 2; again++) {
    const ran = await project.axle(['deploy', '--attach'])
    expect(ran.exitCode, ran.screen).toBe(1)
    expect(ran.screen).toContain('AXLE_UNHEALTHY')
  }
  expect(await versionAt()).toBe('one')
})

test('--wait: two get their turn one after the other, and say for whom they wait; without it: exit 4', async () => {
  const before = (await operations()).length
  await project.write({ 'server.js': slow('two', 8000) })
  expect((await project.axle(['deploy', '--detach'])).exitCode).toBe(0)
  const waiters = [project.start(['restart', '--wait']), project.start(['restart', '--wait'])]
  await sleep(1500)
  const refused = await project.axle(['restart'])
  expect(refused.exitCode, refused.screen).toBe(4)
  const ended = await Promise.all(waiters)
  for (const one of ended) {
    expect(one.exitCode, one.all).toBe(0)
    expect(one.all).toMatch(/wait for the (deploy|restart) of \S+@\S+/)
  }
  const all = (await operations()).slice(0, 3)
  expect(all.map((one: { kind: string }) => one.kind)).toEqual(['restart', 'restart', 'deploy'])
  expect(all.every((one: { outcome: string }) => one.outcome === 'done')).toBe(true)
  // None of them was running while another was.
  expect(all[0].startedAt >= all[1].endedAt && all[1].startedAt >= all[2].endedAt).toBe(true)
  expect((await operations()).length).toBe(before + 3)
}, 180_000)

test('a viewer that leaves while it waits leaves nothing behind', async () => {
  await project.write({ 'server.js': slow('three', 8000) })
  expect((await project.axle(['deploy', '--detach'])).exitCode).toBe(0)
  const before = await host.run(['ls', '/opt/axle/projects/demo/operations'])
  const waiter = project.start(['restart', '--wait'])
  await new Promise<void>((resolve) => {
    waiter.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('wait for')) resolve()
    })
  })
  waiter.kill('SIGINT')
  const { exitCode, all } = await waiter
  expect(exitCode).toBe(130)
  expect(all).toContain('no restart was started')
  expect((await project.axle(['deploy', '--attach'])).exitCode).toBe(0)
  // Its place is free: who comes next is not held up, and no unit and no folder is its.
  expect((await project.axle(['restart'])).exitCode).toBe(0)
  const after = await host.run(['ls', '/opt/axle/projects/demo/operations'])
  expect(after.trim().split('\n').length).toBe(before.trim().split('\n').length + 1)
}, 120_000)

test('twelve viewers and one that never reads do not hold the operation up', async () => {
  await project.write({ 'server.js': slow('four') })
  expect((await project.axle(['deploy', '--detach'])).exitCode).toBe(0)
  const deaf = project.start(['deploy', '--attach', '--json'])
  deaf.stdout?.pause()
  const viewers = await Promise.all(Array.from({ length: 12 }, () => project.axle(['deploy', '--attach', '--json'])))
  const [first] = viewers
  for (const one of viewers) expect([one.exitCode, one.stdout]).toEqual([0, first?.stdout])
  expect(await versionAt()).toBe('four')
  deaf.kill('SIGKILL')
  await deaf.catch(() => {})
}, 180_000)
