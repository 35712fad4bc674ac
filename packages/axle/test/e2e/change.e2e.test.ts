import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { configText, get, Project, serverText } from './project.ts'

const host = useHost()
let project: Project
const service = (name: string, port: number, route: string) =>
  configText(
    `defineService({ name: '${name}', start: 'node server.js', port: ${port}, route: '${route}', health: { path: '/health', within: '5s' }, drain: '1s' })`,
  )
host.beforeAll(async () => {
  project = await Project.create(host, {
    'axle.config.ts': service('api', 8100, '/api/'),
    'server.js': serverText('one'),
  })
}, 60_000)

/** Names of what lies outside of Axle's own folders, and the units, users and groups that there are. */
async function outside(): Promise<string> {
  const files = await host.run([
    'find',
    '/etc',
    '/opt',
    '/usr/local',
    '/var/lib',
    '-not',
    '-path',
    '/opt/axle*',
    '-not',
    '-path',
    '/var/lib/axle*',
    '-not',
    '-path',
    '*/systemd/timers*',
    '-not',
    '-name',
    '*-',
  ])
  return `${files.split('\n').sort().join('\n')}${await host.run(['getent', 'passwd'])}`
}

test('a first deploy that fails leaves nothing outside of /opt/axle and /var/lib/axle, and can be repeated', async () => {
  const before = await outside()
  const writes = `import { writeFileSync } from 'node:fs'\nwriteFileSync(process.env.STATE_DIRECTORY + '/data', 'x')\nprocess.exit(3)\n`
  await project.write({ 'server.js': writes })
  const ran = await project.axle(['deploy'])
  expect(ran.exitCode, ran.screen).toBe(1)
  expect(ran.screen).toContain('exit code 3')
  expect(await outside()).toBe(before)
  expect((await get(host, '/')).text).toContain('nginx')
  await project.write({ 'server.js': serverText('one') })
  const again = await project.axle(['deploy'])
  expect(again.exitCode, again.screen).toBe(0)
})

test('another route and another port, back and forth, while the old answers until the new does', async () => {
  const versions = async (route: string) => (await get(host, `${route}health`)).status
  const steps = [service('api', 8100, '/v2/'), service('api', 8150, '/v2/'), service('api', 8160, '/v3/')]
  for (const text of steps) {
    await project.write({ 'axle.config.ts': text })
    const ran = await project.axle(['deploy'])
    expect(ran.exitCode, ran.screen).toBe(0)
  }
  expect(await versions('/v3/')).toBe(200)
  expect(await versions('/api/')).toBe(404)
  for (const route of ['/v2/', '/v3/']) {
    const back = await project.axle(['rollback'])
    expect(back.exitCode, back.screen).toBe(0)
    expect(await versions(route)).toBe(200)
  }
}, 180_000)

test('a unit, a folder and a port of somebody else are refused by name, and stay as they were', async () => {
  await host.writeFile('/etc/systemd/system/theirs.service', '[Service]\nExecStart=/bin/true\n')
  await host.run(['mkdir', '-p', '/opt/folder'])
  for (const [name, port, says] of [
    ['theirs', 8170, 'theirs.service'],
    ['folder', 8171, '/opt/folder'],
    ['port', 22, 'port'],
    ['listener', 8172, 'python3'],
  ] as const) {
    if (name === 'listener') await host.run(['systemd-run', '--quiet', 'python3', '-m', 'http.server', '8172'])
    await project.write({
      'axle.config.ts': service(name, port, `/${name}/`).replace("project: 'demo'", "project: 'other'"),
    })
    const ran = await project.axle(['deploy'])
    expect(ran.exitCode, ran.screen).toBe(name === 'port' ? 2 : 1)
    expect(ran.screen).toContain(says)
  }
  expect(await host.readFile('/etc/systemd/system/theirs.service')).toContain('/bin/true')
  expect((await host.exec(['test', '-e', '/opt/theirs'])).exitCode).toBe(1)
}, 120_000)

test('a second project on the same gateway: / lists both, and neither touches the other', async () => {
  await project.write({
    'axle.config.ts': service('shop', 8180, '/shop/').replace("project: 'demo'", "project: 'other'"),
  })
  const ran = await project.axle(['deploy'])
  expect(ran.exitCode, ran.screen).toBe(0)
  const list = (await get(host, '/')).text
  expect(list).toContain('"/v3/"')
  expect(list).toContain('"/shop/"')
  const there = await host.exec(['axle', 'status', '--project', 'demo'])
  expect(there.exitCode, there.stdout + there.stderr).toBe(0)
  await project.write({ 'axle.config.ts': service('taken', 8181, '/shop/') })
  const refused = await project.axle(['deploy'])
  expect(refused.exitCode).toBe(2)
  expect(refused.screen).toContain('other')
}, 120_000)

test('two projects deployed at the same moment: both answer, and neither loses what they share', async () => {
  const names = ['left', 'right'] as const
  const projects = await Promise.all(
    names.map((name, index) =>
      Project.create(host, {
        'axle.config.ts': service(name, 8190 + index, `/${name}/`).replace("project: 'demo'", `project: '${name}'`),
        'server.js': serverText(name),
      }),
    ),
  )
  for (let turn = 0; turn < 3; turn++) {
    const ran = await Promise.all(projects.map((one) => one.axle(['deploy'])))
    for (const { exitCode, screen } of ran) expect(exitCode, screen).toBe(0)
    const list = (await get(host, '/')).text
    for (const name of names) {
      expect((await get(host, `/${name}/health`)).status).toBe(200)
      expect(list).toContain(`"/${name}/"`)
    }
    await Promise.all(projects.map((one, index) => one.write({ 'server.js': serverText(`${names[index]}-${turn}`) })))
  }
  const { claims } = JSON.parse(await host.readFile('/var/lib/axle/host/claims.json'))
  expect(claims['file:/etc/nginx/conf.d/axle.conf'].projects).toEqual(expect.arrayContaining([...names]))
  for (const one of projects) await one[Symbol.asyncDispose]()
}, 120_000)
