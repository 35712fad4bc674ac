import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { configText, get, Project, serverText } from './project.ts'

const host = useHost()
const CANARY = 'canary-7f3/+b=9d?e2 51a'
const FORMS = [CANARY, encodeURIComponent(CANARY), Buffer.from(CANARY).toString('base64').replace(/=+$/, '')]
const SERVICE = `defineService({ name: 'api', start: 'node server.js', port: 8100, route: '/api/', health: { path: '/health', within: '3s' }, env: { CANARY: secret() } })`
let project: Project
host.beforeAll(async () => {
  project = await Project.create(host, { 'axle.config.ts': configText(SERVICE), 'server.js': serverText('one') })
}, 60_000)

test('a missing secret is named, with the line to run, before anything is touched', async () => {
  const ran = await project.axle(['deploy'])
  expect(ran.exitCode, ran.screen).toBe(2)
  expect(ran.screen).toContain('axle env set CANARY --service api')
  expect((await host.exec(['test', '-e', '/opt/api'])).exitCode).toBe(1)
})

test('a canary secret reaches the process, and is found nowhere else', async () => {
  const set = await project.axle(['env', 'set', 'CANARY', '--service', 'api'], { input: CANARY })
  expect(set.exitCode, set.screen).toBe(0)
  const screens = [set.screen]
  // The second release says its secret in its own log, and fails: what the screen shows of it is redacted.
  const leaks = `${serverText('leaky', 500)}\nconsole.log('my secret is ' + process.env.CANARY)\n`
  for (const text of [serverText('one'), leaks]) {
    await project.write({ 'server.js': text })
    screens.push((await project.axle(['deploy', '--json'])).screen)
  }
  for (const words of [['plan'], ['status'], ['history'], ['env', 'list', '--service', 'api'], ['logs', '-n', '50']]) {
    screens.push((await project.axle(words)).screen)
  }
  expect(screens.join('\n')).toContain('my secret is')
  expect(JSON.parse((await get(host, '/api/')).text).secret).toBe(true)
  for (const form of FORMS) {
    expect(screens.filter((screen) => screen.includes(form))).toEqual([])
    const found = await host.exec(['grep', '-rlF', '--', form, '/opt', '/var/lib/axle', '/etc', '/usr/local/bin'])
    const allowed = /^\/(?:var\/lib\/axle\/secrets\/api\/[^/]+\.env|opt\/api\/slots\/[ab]\.env)$/
    expect(
      found.stdout
        .trim()
        .split('\n')
        .filter((path) => path !== '' && !allowed.test(path)),
    ).toEqual([])
    const journal = await host.exec(['journalctl', '--no-pager', '-u', 'axle-*'])
    expect(journal.stdout.includes(form)).toBe(false)
    const processes = await host.exec(['ps', 'axww', '-o', 'args'])
    expect(processes.stdout.split('\n').filter((line) => line.includes(form) && !line.includes('grep'))).toEqual([])
  }
  const modes = await host.run(['stat', '-c', '%U %a', '/var/lib/axle/secrets/api/current.env', '/opt/api/slots/a.env'])
  expect(modes.trim().split('\n')).toEqual(['root 600', 'root 600'])
}, 120_000)
