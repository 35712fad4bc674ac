import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useHost } from '@axle-ia/testbed/vitest'
import { execa } from 'execa'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { API, BIN, configText, get, Project, serverText } from './project.ts'
import { onTerminal } from './terminal.ts'

const host = useHost()
const PASSWORD = 'canary pässword 51a'
const SUDOERS = '/etc/sudoers.d/deploy'
let project: Project
let home = ''
afterAll(async () => {
  if (home !== '') await rm(home, { recursive: true })
})
host.beforeAll(async () => {
  project = await Project.create(host, {
    'axle.config.ts': configText(API).replace("project: 'demo'", "project: 'demo', host: 'web1'"),
    'server.js': serverText('one'),
  })
  home = await mkdtemp(join(tmpdir(), 'axle-sudo-home-'))
  await mkdir(join(home, '.ssh'))
  const config = join(home, '.ssh/config')
  await writeFile(
    config,
    `Host web1\n  HostName ${host.address}\n  Port ${host.port}\n  User deploy\n  IdentityFile ${host.identity}\n  UserKnownHostsFile ${host.knownHosts}\n`,
  )
  await chmod(config, 0o600)
  await host.run(['chpasswd'], { input: `deploy:${PASSWORD}\n` })
}, 60_000)
beforeEach(async () => {
  await host.writeFile(SUDOERS, 'Defaults lecture=always, use_pty\ndeploy ALL=(ALL:ALL) ALL\n', '0440')
})

const typed = (words: readonly string[], ...answers: (readonly [string, string])[]) =>
  onTerminal(project, words, answers, { HOME: home })
async function unattended(words: readonly string[]) {
  const ran = await execa(process.execPath, [BIN, ...words], {
    cwd: project.directory,
    reject: false,
    all: true,
    stdin: 'ignore',
    env: { HOME: home, SSH_AUTH_SOCK: '' },
  })
  return { exitCode: ran.exitCode, screen: ran.all }
}

test('the password is asked for once, and binary content arrives whole behind it', async () => {
  await writeFile(join(project.directory, 'blob.bin'), randomBytes(3_000_000))
  const ran = await typed(['deploy'], ['for sudo there', `${PASSWORD}\r`])
  expect(ran.exitCode, ran.screen).toBe(0)
  expect(ran.screen.split('for sudo there').length).toBeGreaterThan(1)
  expect(ran.screen).not.toContain(PASSWORD)
  expect(JSON.parse((await get(host, '/api/')).text).version).toBe('one')
  const [there] = (await host.run(['sha256sum', '/opt/api/current/app/blob.bin'])).split(' ')
  const { stdout: here } = await execa('sha256sum', [join(project.directory, 'blob.bin')])
  expect(here).toContain(there)
  for (const place of [
    ['journalctl', '--no-pager'],
    ['grep', '-rF', '--', PASSWORD, '/opt', '/var/lib/axle', '/var/log'],
  ]) {
    expect((await host.exec(place)).stdout).not.toContain(PASSWORD)
  }
}, 180_000)

test('a wrong password: as many tries as sudo allows, then exit 3', async () => {
  // A question has another mark once it is answered: what is waited for is the next one.
  const wrong = ['◆  Password of deploy', 'not it\r'] as const
  const again = '◆  sudo did not take that one'
  const ran = await typed(['status'], wrong, [again, 'nor this\r'], [again, 'nor that\r'])
  expect(ran.exitCode, ran.screen).toBe(3)
  expect(ran.screen).toContain('AXLE_RIGHTS')
  expect(ran.screen).toContain('it allows 3 tries')
  const second = await typed(['status'], wrong, [again, `${PASSWORD}\r`])
  expect(second.screen).not.toContain('AXLE_')
})

test('without a terminal: a clear error at once', async () => {
  const ran = await unattended(['status'])
  expect(ran.exitCode, ran.screen).toBe(3)
  expect(ran.screen).toContain('wants the password of deploy, and there is no terminal')
})

test.each([
  ['not in sudoers', 'Defaults lecture=always\n', 'may not become root'],
  ['another command only', 'deploy ALL=(root) NOPASSWD: /bin/true\n', 'sudo on the host'],
  ['requiretty', 'Defaults requiretty\ndeploy ALL=(ALL:ALL) NOPASSWD: ALL\n', 'requiretty'],
])('%s: exit 3', async (_, sudoers, words) => {
  await host.writeFile(SUDOERS, sudoers, '0440')
  const ran = await typed(['status'], ['for sudo there', `${PASSWORD}\r`])
  expect(ran.exitCode, ran.screen).toBe(3)
  expect(ran.screen).toContain(words)
})

test('without a password nobody is asked, also with use_pty and a lecture', async () => {
  await host.writeFile(SUDOERS, 'Defaults lecture=always, use_pty\ndeploy ALL=(ALL:ALL) NOPASSWD: ALL\n', '0440')
  await writeFile(join(project.directory, 'blob.bin'), randomBytes(1_000_000))
  const ran = await unattended(['deploy'])
  expect(ran.exitCode, ran.screen).toBe(0)
})

test('no sudo at all: exit 3', async () => {
  await host.run(['mv', '/usr/bin/sudo', '/usr/bin/sudo.away'])
  try {
    const ran = await unattended(['status'])
    expect(ran.exitCode, ran.screen).toBe(3)
    expect(ran.screen).toContain('there is no sudo')
  } finally {
    await host.run(['mv', '/usr/bin/sudo.away', '/usr/bin/sudo'])
  }
})
