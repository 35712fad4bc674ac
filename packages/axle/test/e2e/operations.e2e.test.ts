import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { startLoad } from './load.ts'
import { API, configText, get, Project, serverText, WORKER } from './project.ts'

const host = useHost({ needs: ['kill', 'boot'] })
let project: Project
const JOBS = `defineService({ name: 'jobs', start: 'node worker.js' })`
const SECRETIVE = API.replace("name: 'api'", "name: 'api', env: { WORD: secret({ optional: true }) }")
const server = (version: string) =>
  serverText(version).replace('secret: process.env.CANARY !== undefined', 'word: process.env.WORD')

host.beforeAll(async () => {
  project = await Project.create(host, {
    'axle.config.ts': configText(`${SECRETIVE}, ${JOBS}`),
    'server.js': server('one'),
    'worker.js': WORKER,
  })
  const ran = await project.axle(['deploy'])
  if (ran.exitCode !== 0) throw new Error(ran.screen)
}, 120_000)

const served = async () => JSON.parse((await get(host, '/api/')).text)
const pidOf = async (service: string) =>
  (await host.run(['systemctl', 'show', '-P', 'MainPID', `${service}.service`])).trim()
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const statusOf = async () => JSON.parse((await project.axle(['status', '--json'])).stdout)

test('restart: the same release from the other slot, 0 of at least 1,000 keep-alive POSTs lost', async () => {
  const { release } = await get(host, '/api/')
  const before = await pidOf('api')
  const load = startLoad(host.address, '/api/echo', 10, 20)
  for (let again = 0; again < 2; again++) {
    const ran = await project.axle(['restart', '--service', 'api', '--json'])
    expect(ran.exitCode, ran.screen).toBe(0)
    const events = linesOf(ran.stdout)
    expect(events[0]).toMatchObject({ type: 'operation', kind: 'restart', services: ['api'] })
    expect(events.at(-1)).toMatchObject({ type: 'result', outcome: 'done', services: [{ release, previous: release }] })
  }
  const { sent, failed } = await load.stop(1_000)
  console.log(`restart: requests=${sent} failed=${failed.length}`)
  expect(failed).toEqual([])
  expect((await get(host, '/api/')).release).toBe(release)
  expect(await pidOf('api')).not.toBe(before)
}, 120_000)

test('restart of a worker, on the host itself', async () => {
  const before = await pidOf('jobs')
  const planned = await host.exec(['axle', 'restart', '--service', 'jobs', '--dry-run'])
  expect(planned.stdout, planned.stderr).toContain('gap')
  expect(await pidOf('jobs')).toBe(before)
  const ran = await host.exec(['axle', 'restart', '--service', 'jobs'])
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0)
  expect(await pidOf('jobs')).not.toBe(before)
})

test('env set: without --restart the app keeps the old value, with it it sees the new one', async () => {
  const plain = await project.axle(['env', 'set', 'WORD', '--service', 'api'], { input: 'first' })
  expect(plain.exitCode, plain.screen).toBe(0)
  expect((await served()).word).toBeUndefined()
  const ran = await project.axle(['env', 'set', 'WORD', '--service', 'api', '--restart', '--json'], { input: 'second' })
  expect(ran.exitCode, ran.screen).toBe(0)
  expect(linesOf(ran.stdout).at(-1)).toMatchObject({ type: 'result', outcome: 'done', services: [{ service: 'api' }] })
  expect(ran.screen).not.toContain('second')
  expect((await served()).word).toBe('second')
  const gone = await project.axle(['env', 'unset', 'WORD', '--service', 'api', '--restart'])
  expect(gone.exitCode, gone.screen).toBe(0)
  expect((await served()).word).toBeUndefined()
})

test('stop: away, by name, also after a reboot; start: back', async () => {
  const planned = await project.axle(['stop', '--dry-run'])
  expect(planned.exitCode, planned.screen).toBe(0)
  expect(planned.stdout).toContain('stop')
  expect((await get(host, '/api/')).status).toBe(200)
  const { release } = await get(host, '/api/')
  const stopped = await project.axle(['stop', '--service', 'api'])
  expect(stopped.exitCode, stopped.screen).toBe(0)
  expect((await get(host, '/api/')).status).toBe(502)
  const asked = await project.axle(['status'])
  expect(asked.exitCode).toBe(5)
  expect(asked.stdout).toMatch(/stopped by \S+@\S+ at .*axle start/)
  expect(await statusOf()).toMatchObject({
    services: [
      { service: 'api', healthy: false, stopped: { since: expect.any(String) } },
      { service: 'jobs', healthy: true },
    ],
  })
  expect((await project.axle(['health', '--service', 'api'])).stdout).toContain('stopped by')
  await host.kill()
  await host.boot()
  expect(
    (await host.exec(['systemctl', 'is-active', 'api-a.service', 'api-b.service'])).stdout.trim().split('\n'),
  ).toEqual(['inactive', 'inactive'])
  expect((await host.run(['systemctl', 'is-active', 'jobs.service'])).trim()).toBe('active')
  const started = await project.axle(['start'])
  expect(started.exitCode, started.screen).toBe(0)
  expect(await get(host, '/api/')).toMatchObject({ status: 200, release })
  expect((await project.axle(['status'])).exitCode).toBe(0)
  expect((await project.axle(['start'])).screen.toLowerCase()).toContain('nothing to do')
}, 120_000)

test('a deploy of the same files starts what was stopped', async () => {
  await project.axle(['stop', '--service', 'api'])
  const ran = await project.axle(['deploy'])
  expect(ran.exitCode, ran.screen).toBe(0)
  expect((await get(host, '/api/')).status).toBe(200)
})

test('rollback --dry-run prints its plan; history --service counts only what touched that service', async () => {
  await project.write({ 'server.js': server('two') })
  expect((await project.axle(['deploy', '--service', 'api'])).exitCode).toBe(0)
  const { release } = await get(host, '/api/')
  const planned = await project.axle(['rollback', '--dry-run'])
  expect(planned.exitCode, planned.screen).toBe(0)
  expect(planned.stdout).toContain('rollback')
  expect((await get(host, '/api/')).release).toBe(release)
  const { operations } = JSON.parse((await project.axle(['history', '-n', '2', '--service', 'jobs', '--json'])).stdout)
  expect(operations).toHaveLength(2)
  for (const { services } of operations)
    expect(services.map((one: { service: string }) => one.service)).toContain('jobs')
})

test.each([
  [['deploy', '--attach', '--detach']],
  [['deploy', '--attach', '--service', 'api']],
  [['rollback', '0123456789ab', '--attach']],
  [['restart', '--dry-run', '--wait']],
])('axle %s is refused: exit 2', async (words) => {
  const ran = await project.axle([...words, '--json'])
  expect(ran.exitCode, ran.screen).toBe(2)
  expect(ran.stdout).toContain('AXLE_USAGE')
})
