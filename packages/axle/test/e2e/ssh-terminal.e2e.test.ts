import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { useHost } from '@axle-ia/testbed/vitest'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { BIN, configText, get, Project, serverText } from './project.ts'
import { onTerminal } from './terminal.ts'

const host = useHost()
const CANARY = 'canary-51a/+b'
const SERVICE = `defineService({ name: 'api', start: 'node server.js', port: 8100, route: '/api/', health: { path: '/health', within: '9s' }, env: { CANARY: secret() } })`
let project: Project
let home = ''
afterAll(async () => {
  if (home !== '') await rm(home, { recursive: true })
})
host.beforeAll(async () => {
  project = await Project.create(host, {
    'axle.config.ts': configText(SERVICE).replace("project: 'demo'", "project: 'demo', host: 'web1'"),
    'server.js': serverText('one'),
  })
  home = await mkdtemp(join(tmpdir(), 'axle-terminal-home-'))
  await mkdir(join(home, '.ssh'))
  await writeFile(
    join(home, '.ssh/config'),
    `Host web1\n  HostName ${host.address}\n  Port ${host.port}\n  User root\n  IdentityFile ${host.identity}\n  ServerAliveInterval 1\n  ServerAliveCountMax 2\n`,
  )
  await chmod(join(home, '.ssh/config'), 0o600)
}, 60_000)

test('a first deploy asks for the key of the host and for missing secrets, and shows none', async () => {
  const ran = await onTerminal(
    project,
    ['deploy'],
    [
      ['Trust it?', 'y'],
      ['Value of CANARY for api', `${CANARY}\r`],
    ],
    { HOME: home },
  )
  expect(ran.exitCode, ran.screen).toBe(0)
  expect(ran.screen).toContain(host.hostKey)
  expect(ran.screen).not.toContain(CANARY)
  expect(JSON.parse((await get(host, '/api/')).text)).toMatchObject({ version: 'one', secret: true })
  // Hashed or not, as this machine's /etc/ssh/ssh_config says.
  expect(await readFile(join(home, '.ssh/known_hosts'), 'utf8')).toMatch(/^\S+ ssh-ed25519 \S+\n$/)
  expect(await host.run(['journalctl', '--no-pager'])).not.toContain(CANARY)
}, 180_000)

test('nobody is asked where nobody sits', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'axle-terminal-home-'))
  const ran = await execa(process.execPath, [BIN, 'status', '--host', `root@${host.address}:${host.port}`], {
    cwd: project.directory,
    reject: false,
    all: true,
    stdin: 'ignore',
    env: { HOME: empty, SSH_AUTH_SOCK: '' },
  })
  expect(ran.exitCode, ran.all).toBe(3)
  expect(ran.all).toContain('add this line to')
})

test('a link that dies: exit 130, and the deploy ends on the host', async () => {
  const slow = serverText('two').replace(
    "console.log('version",
    "await new Promise((done) => setTimeout(done, 4000))\nconsole.log('version",
  )
  await project.write({ 'server.js': slow })
  const viewer = execa(process.execPath, [BIN, 'deploy', '--json'], {
    cwd: project.directory,
    reject: false,
    stdin: 'ignore',
    env: { HOME: home, SSH_AUTH_SOCK: '' },
  })
  await new Promise<void>((resolve) => {
    viewer.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('"start"')) resolve()
    })
  })
  const rule = ['OUTPUT', '-p', 'tcp', '--sport', String(host.port), '-j', 'DROP']
  await host.run(['iptables', '-I', ...rule])
  const { exitCode, stdout } = await viewer
  await host.run(['iptables', '-D', ...rule])
  expect(exitCode, stdout).toBe(130)
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(last).toMatchObject({ type: 'result', outcome: 'lost-viewer', code: 'AXLE_CONNECTION_LOST' })
  expect(last.error.message).toMatch(/no sign of life.*still going on the host/)
  expect(last.error.hint).toContain('axle deploy --attach')
  for (let waited = 0; waited < 60; waited += 1) {
    const { text } = await get(host, '/api/')
    if (text.includes('two')) return
    await sleep(500)
  }
  expect.unreachable('the deploy did not end on the host')
}, 120_000)
