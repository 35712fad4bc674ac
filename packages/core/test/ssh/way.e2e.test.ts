import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { useHost } from '@axle-ia/testbed/vitest'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Prompt } from '../../src/cli/io/prompt.ts'
import { parseAddress } from '../../src/client/config/hosts.ts'
import { connectSsh, dial, resolveRoute } from '../../src/client/ssh/index.ts'
import { arrive, setOut } from '../../src/client/way/way.ts'
import { Home, startAgent } from './home.ts'

const host = useHost()
let home: Home
beforeEach(async () => {
  home = await Home.create()
  vi.stubEnv('HOME', home.folder)
  vi.stubEnv('SSH_AUTH_SOCK', '')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await home[Symbol.asyncDispose]()
})

/** A person who gives these answers, and what was asked. */
function person(...answers: (string | boolean)[]): Prompt & { readonly asked: string[] } {
  const asked: string[] = []
  const next = (question: string) => {
    asked.push(question)
    return answers.shift()
  }
  return {
    asked,
    text: async (question) => String(next(question)),
    secret: async (question) => String(next(question)),
    confirm: async (question) => next(question) === true,
  }
}

async function say(
  address: string,
  command: string,
  prompt?: Prompt,
  more: { identity?: string } = {},
): Promise<string> {
  const target = parseAddress(address)
  if (target === undefined) throw new Error(address)
  const connection = await connectSsh(dial(await resolveRoute({ ...target, ...more })), { prompt })
  try {
    const { stream, exit } = await connection.exec(command)
    let text = ''
    for await (const chunk of stream) text += String(chunk)
    await exit
    return text.trim()
  } finally {
    connection.close()
  }
}

const section = (name: string, more = '') =>
  `Host ${name}\n  HostName ${host.address}\n  Port ${host.port}\n  UserKnownHostsFile ${host.knownHosts}\n  ${more}\n`
const withKey = (more = '') => `IdentityFile ${host.identity}\n  ${more}`

/** How many tries to log in the host has seen. */
async function logins(): Promise<number> {
  await host.run(['journalctl', '--sync'])
  const log = await host.run(['journalctl', '-u', 'ssh', '-o', 'cat', '--no-pager'])
  return log.split('\n').filter((line) => /^(?:Accepted|Failed|Connection closed by authenticating)/.test(line)).length
}

async function authorize(publicFile: string, user = 'root'): Promise<void> {
  const folder = user === 'root' ? '/root/.ssh' : `/home/${user}/.ssh`
  await host.run(['sh', '-c', `cat >> ${folder}/authorized_keys`], { input: await readFile(publicFile, 'utf8') })
}

test('an alias, and what the command line says over it', async () => {
  await home.write('config', 'Include hosts/*.conf\n')
  await home.write('hosts/one.conf', section('web1', withKey('User deploy')))
  expect(await say('web1', 'id -un')).toBe('deploy')
  expect(await say('root@web1', 'id -un')).toBe('root')
})

test('through jump hosts, one and a chain, each verified by its own key', async () => {
  const inner = (jump: string) =>
    `Host inner hop2\n  HostName 127.0.0.1\n  HostKeyAlias ${host.address}\n  UserKnownHostsFile ${host.knownHosts}\n  User root\n  ${withKey()}\nHost inner\n  ProxyJump ${jump}\n`
  await home.write('config', `${section('gate', withKey('User deploy'))}${inner('gate')}`)
  expect(await say('inner', 'echo $SSH_CONNECTION')).toMatch(/^127\.0\.0\.1 /)
  await home.write('config', `${section('gate', withKey('User deploy'))}${inner(`root@gate:${host.port},hop2`)}`)
  expect(await say('inner', 'id -un; echo $SSH_CONNECTION')).toMatch(/^root\n127\.0\.0\.1 /)

  const stranger = section('gate', withKey()).replace(
    /UserKnownHostsFile .*/,
    `UserKnownHostsFile ${home.path('none')}`,
  )
  await home.write('config', `${stranger}${inner('gate')}`)
  await expect(say('inner', 'true')).rejects.toMatchObject({
    code: 'AXLE_HOST_KEY',
    message: expect.stringMatching(/^At the jump host gate .*on the way to inner: .*is not known/),
  })
  await home.write(
    'config',
    `${section('gate', withKey())}${inner('gate').replace('HostName 127.0.0.1', 'HostName 127.0.0.1\n  Port 1')}`,
  )
  await expect(say('inner', 'true')).rejects.toMatchObject({
    code: 'AXLE_UNREACHABLE',
    message: expect.stringMatching(/^inner \(127\.0\.0\.1:1\) cannot be reached through the jump host gate/),
  })
})

test('keys of every kind, the likely one first, and what was tried', async () => {
  const wrong = home.key('wrong')
  for (const type of ['ed25519', 'ecdsa', 'rsa']) {
    const key = home.key(`good-${type}`, '', type)
    await authorize(`${key}.pub`)
    await home.write(
      'config',
      section('web1', `User root\n  IdentityFile ${wrong}\n  IdentityFile ~/.ssh/absent\n  IdentityFile ${key}`),
    )
    expect(await say('web1', 'id -un')).toBe('root')
  }
  await expect(say('web1', 'true', undefined, { identity: wrong })).rejects.toMatchObject({
    code: 'AXLE_AUTHENTICATION',
    message: expect.stringContaining(`refused root: tried: ${wrong}`),
  })
})

test('a named key signs at once: the host is not asked first whether it would take it', async () => {
  await using agent = await startAgent(home)
  await host.writeFile('/etc/ssh/sshd_config.d/verbose.conf', 'LogLevel VERBOSE\n')
  await host.run(['systemctl', 'reload', 'ssh'])
  // What sshd writes where somebody only asks.
  const asked = async () => {
    await host.run(['journalctl', '--sync'])
    const log = await host.run(['journalctl', '-u', 'ssh', '-o', 'cat', '--no-pager'])
    return log.split('Postponed publickey').length - 1
  }
  await home.write('config', section('web1', 'User root'))
  for (const type of ['ed25519', 'ecdsa', 'rsa']) {
    const key = home.key(`once-${type}`, '', type)
    await authorize(`${key}.pub`)
    expect(await say('web1', 'id -un', undefined, { identity: key })).toBe('root')
    agent.add(key)
    vi.stubEnv('SSH_AUTH_SOCK', agent.socket)
    expect(await say('web1', 'id -un', undefined, { identity: `${key}.pub` })).toBe('root')
    expect(await asked()).toBe(0)
    vi.stubEnv('SSH_AUTH_SOCK', '')
  }
  // A key of the agent that nobody named is asked about first: to sign may need a touch.
  vi.stubEnv('SSH_AUTH_SOCK', agent.socket)
  expect(await say('web1', 'id -un')).toBe('root')
  expect(await asked()).toBe(1)
})

test('an agent holds the key: nobody is asked; it does not: its passphrase, three times at most', async () => {
  await using agent = await startAgent(home)
  const key = home.key('id_ed25519', '')
  await authorize(`${key}.pub`)
  agent.add(key)
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', key])
  await home.write('config', section('web1', 'User root'))
  vi.stubEnv('SSH_AUTH_SOCK', agent.socket)
  const nobody = person()
  expect(await say('web1', 'id -un', nobody)).toBe('root')
  // Named by its encrypted file, too, and where only the public half is left.
  expect(await say('web1', 'id -un', nobody, { identity: key })).toBe('root')
  expect(await say('web1', 'id -un', nobody, { identity: `${key}.pub` })).toBe('root')
  expect(nobody.asked).toEqual([])

  vi.stubEnv('SSH_AUTH_SOCK', '')
  const forgetful = person('sesame', 'open sesame')
  expect(await say('web1', 'id -un', forgetful)).toBe('root')
  expect(forgetful.asked).toEqual([`Passphrase of ${key}`, expect.stringContaining('That is not it')])
  const stranger = person('a', 'b', 'c', 'open sesame')
  await expect(say('web1', 'true', stranger)).rejects.toMatchObject({
    code: 'AXLE_AUTHENTICATION',
    message: expect.stringContaining('3 wrong passphrases'),
  })
  expect(stranger.asked).toHaveLength(3)
  await expect(say('web1', 'true')).rejects.toMatchObject({
    code: 'AXLE_AUTHENTICATION',
    message: expect.stringContaining('has a passphrase, and there is no terminal'),
  })
})

test('an unknown host is asked about once, and its line is hashed; a changed key is refused before the login', async () => {
  const file = home.path('hosts')
  const config = section('web1', withKey(`User root\n  HashKnownHosts yes\n  UserKnownHostsFile ${file}`)).replace(
    /\s*UserKnownHostsFile \S+/,
    '',
  )
  await home.write('config', config)
  await expect(say('web1', 'true')).rejects.toMatchObject({
    code: 'AXLE_HOST_KEY',
    hint: expect.stringContaining(`add this line to ${file}`),
  })
  await expect(say('web1', 'true', person(false))).rejects.toMatchObject({ code: 'AXLE_HOST_KEY' })
  const careful = person(true)
  expect(await say('web1', 'id -un', careful)).toBe('root')
  expect(careful.asked[0]).toContain(host.hostKey)
  const line = await readFile(file, 'utf8')
  expect(line).toMatch(/^\|1\|[^|]+\|\S+ ssh-ed25519 \S+\n$/)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(execFileSync('ssh-keygen', ['-F', host.address, '-f', file], { encoding: 'utf8' })).toContain('found')
  expect(await say('web1', 'id -un')).toBe('root')

  const other = home.key('other-host')
  await home.write('hosts', `${host.address} ${await readFile(`${other}.pub`, 'utf8')}`)
  const before = await logins()
  await expect(say('web1', 'true', person(true))).rejects.toMatchObject({
    code: 'AXLE_HOST_KEY',
    hint: expect.stringContaining('ssh-keygen -R'),
  })
  expect(await logins()).toBe(before)

  await home.write('hosts', `@cert-authority * ${await readFile(`${other}.pub`, 'utf8')}`)
  await expect(say('web1', 'true')).rejects.toThrow('cannot check host certificates')
})

test('what cannot be reached says why, each in its own words', async () => {
  await home.write('config', `Host slow\n  ConnectTimeout 1\n  HostName ${host.address}\n  Port 2323\n`)
  await expect(say(`${host.address}:1`, 'true')).rejects.toMatchObject({
    code: 'AXLE_UNREACHABLE',
    message: expect.stringContaining('refuses connections on port 1'),
  })
  await expect(say('no-such-host.invalid', 'true')).rejects.toMatchObject({
    code: 'AXLE_UNREACHABLE',
    message: expect.stringMatching(/does not exist|looked up/),
  })
  await host.run(['iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '2323', '-j', 'DROP'])
  await expect(say('slow', 'true')).rejects.toMatchObject({
    code: 'AXLE_UNREACHABLE',
    message: expect.stringContaining('no answer within 1 s'),
  })
  // Something that takes the connection and says nothing is no sshd.
  const mute = createServer().listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const address = mute.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  await home.write('config', `Host mute\n  HostName 127.0.0.1\n  Port ${address.port}\n  ConnectTimeout 1\n`)
  await expect(say('mute', 'true')).rejects.toMatchObject({
    code: 'AXLE_UNREACHABLE',
    message: expect.stringContaining('the login did not end within 1 s'),
  })
  mute.close()
})

test('a host that is perhaps meant: nobody is asked about it and nobody logs in there, until it is', async () => {
  await home.write('config', section('web1', withKey('User root')))
  const before = await logins()
  const way = await setOut({ host: 'web1' })
  await host.run(['sleep', '1'])
  expect(await logins()).toBe(before)
  const connection = await arrive(way, { host: 'web1' })
  expect(connection.stands()).toBe(true)
  expect(await logins()).toBeGreaterThan(before)
  connection.close()
  expect(connection.stands()).toBe(false)
  await expect(connection.exec('true')).rejects.toMatchObject({ code: 'AXLE_CONNECTION_LOST' })
  // Taken once: who comes after sets out anew.
  const second = await arrive(way, { host: 'web1' })
  expect(second.stands()).toBe(true)
  second.close()
})

test('a host that is not meant after all hears nothing more, and its key is asked of nobody', async () => {
  await home.write('config', section('web1', withKey('User root')).replace(host.knownHosts, `${home.folder}/none`))
  const before = await logins()
  const somebody = person(true)
  const way = await setOut({ host: 'web1' }, somebody)
  await host.run(['sleep', '1'])
  way.leave()
  await expect(way.connection).rejects.toThrow()
  expect(somebody.asked).toEqual([])
  expect(await logins()).toBe(before)
})

test('new keys in the middle of a session ask nobody again', async () => {
  await home.write('config', section('web1', withKey('User root')).replace(host.knownHosts, `${home.folder}/known`))
  await home.write('known', '')
  await host.run(['sh', '-c', "echo 'RekeyLimit 64K' > /etc/ssh/sshd_config.d/00-rekey.conf && systemctl restart ssh"])
  try {
    const somebody = person(true, false)
    expect(await say('web1', 'head -c 400000 /dev/zero | tr "\\0" x', somebody)).toHaveLength(400_000)
    expect(somebody.asked).toHaveLength(1)
  } finally {
    await host.run(['sh', '-c', 'rm /etc/ssh/sshd_config.d/00-rekey.conf && systemctl restart ssh'])
  }
})
