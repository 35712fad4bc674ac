import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { API, configText, get, Project, serverText, WORKER } from './project.ts'

const host = useHost()
let project: Project
const WEB = `defineService({ name: 'web', start: 'node server.js', port: 8200, route: '/web/', health: { path: '/health' }, drain: '1s' })`
const JOBS = `defineService({ name: 'jobs', start: 'node worker.js' })`
const SINGLE = `defineService({ name: 'single', start: 'node server.js', port: 8300, route: '/single/', overlap: false, health: { path: '/health' } })`
const MOTD = `
import { definePlugin, z } from '@axle-ia/core'
const motd = definePlugin({
  name: 'motd', core: '*', options: z.strictObject({ text: z.string() }),
  contribute: ({ options }) => ({
    resources: [{ kind: 'file', id: '/etc/axle-motd', scope: 'project', phase: 'before', spec: { content: options.text, mode: '644' } }],
    checks: [{ id: 'answers', kind: 'answers', options: {}, service: 'api', within: 5000, gates: 'gateway', severity: 'critical' }],
  }),
  probes: { answers: async ({ http, url, headers }) => { const { status } = await http(url, { headers }); return { ok: status === 200, detail: String(status) } } },
  hooks: { 'deploy:preflight': async ({ service, host }) => {
    const { stdout } = await host.run(['id', '-un']).catch(() => ({ stdout: 'nobody yet' }))
    if (service.name === 'vetoed') throw new Error('vetoed by motd, as ' + stdout.trim())
  } },
})
`
host.beforeAll(async () => {
  project = await Project.create(host, {
    'axle.config.ts': configText(API),
    'server.js': serverText('one'),
    'worker.js': WORKER,
  })
}, 60_000)

test('a second service is one more entry: both answer, and / lists both', async () => {
  expect((await project.axle(['deploy'])).exitCode).toBe(0)
  await project.write({ 'axle.config.ts': configText(`${API}, ${WEB}`) })
  const ran = await project.axle(['deploy'])
  expect(ran.exitCode, ran.screen).toBe(0)
  expect((await get(host, '/api/health')).status).toBe(200)
  expect((await get(host, '/web/health')).status).toBe(200)
  const list = (await get(host, '/')).text
  expect(list).toContain('"/api/"')
  expect(list).toContain('"/web/"')
})

test('a worker, and a service whose releases must not overlap, deploy and roll back', async () => {
  await project.write({ 'axle.config.ts': configText(`${API}, ${WEB}, ${JOBS}, ${SINGLE}`) })
  const first = await project.axle(['deploy'])
  expect(first.exitCode, first.screen).toBe(0)
  expect((await host.run(['systemctl', 'is-active', 'jobs.service'])).trim()).toBe('active')
  const before = (await get(host, '/single/health')).release
  await project.write({ 'server.js': serverText('two'), 'worker.js': `${WORKER}// two\n` })
  const second = await project.axle(['deploy', '--service', 'jobs', '--service', 'single'])
  expect(second.exitCode, second.screen).toBe(0)
  expect((await get(host, '/single/health')).release).not.toBe(before)
  const running = (
    await host.run([
      'sh',
      '-c',
      'systemctl is-active jobs-a.service jobs-b.service single-a.service single-b.service || true',
    ])
  )
    .trim()
    .split('\n')
  expect(running.filter((state) => state === 'active')).toHaveLength(2)
  const back = await project.axle(['rollback', '--service', 'jobs', '--service', 'single'])
  expect(back.exitCode, back.screen).toBe(0)
  expect((await get(host, '/single/health')).release).toBe(before)
})

test("a plugin of one's own through the public API: its file, its check, its veto", async () => {
  await project.write({
    'axle.config.ts': configText(API, MOTD).replace('[recommended()]', "[recommended(), motd({ text: 'hello' })]"),
  })
  const ran = await project.axle(['deploy'])
  expect(ran.exitCode, ran.screen).toBe(0)
  expect(await host.readFile('/etc/axle-motd')).toBe('hello')
  const vetoed = `defineService({ name: 'vetoed', start: 'node worker.js' })`
  await project.write({
    'axle.config.ts': configText(`${API}, ${vetoed}`, MOTD).replace(
      '[recommended()]',
      "[recommended(), motd({ text: 'hello' })]",
    ),
  })
  const refused = await project.axle(['deploy'])
  expect(refused.exitCode).toBe(1)
  expect(refused.screen).toContain('vetoed by motd')
  expect((await host.exec(['test', '-e', '/opt/vetoed'])).exitCode).toBe(1)
})
