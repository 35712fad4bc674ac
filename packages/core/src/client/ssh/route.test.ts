import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parseAddress } from '../config/hosts.ts'
import { resolveRoute } from './route.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'axle-home-'))
  vi.stubEnv('HOME', home)
  vi.stubEnv('SSH_AUTH_SOCK', '')
  await mkdir(join(home, '.ssh/conf.d'), { recursive: true })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(home, { recursive: true })
})

const write = (text: string, name = 'config') => writeFile(join(home, '.ssh', name), text, { mode: 0o600 })
const route = async (address: string, more: { identity?: string } = {}) => {
  const target = parseAddress(address)
  if (target === undefined) throw new Error(address)
  return (await resolveRoute({ ...target, ...more })).hops
}
const places = async (address: string) =>
  (await route(address)).map(({ user, host, port }) => `${user}@${host}:${port}`)

it('without a config: the name as it is, this user, port 22, the usual keys', async () => {
  const [hop] = await route('web1.example')
  expect(hop).toMatchObject({
    host: 'web1.example',
    port: 22,
    user: userInfo().username,
    trustName: 'web1.example',
    strict: 'ask',
    keys: {
      named: false,
      only: false,
      files: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((one) => join(home, '.ssh', one)),
    },
    keepAlive: { intervalMs: 5000, count: 6 },
  })
})

it('an alias has all that its section says, the first that is found, and the command line stands over it', async () => {
  await write(`
    User everybody
    Host web1
      HostName %h.example.com
      Port=2222
      User deploy
      IdentityFile ~/.ssh/%r_key
      IdentityFile "%d/my keys/%h"
      IdentitiesOnly yes
      UserKnownHostsFile ~/.ssh/a ~/.ssh/b
      StrictHostKeyChecking accept-new
      ServerAliveInterval 15
      ConnectTimeout 1m
    Host web* !web2
      HashKnownHosts yes
    Host *
      Port 7`)
  const [hop] = await route('web1')
  expect(hop).toMatchObject({
    name: 'web1',
    host: 'web1.example.com',
    port: 2222,
    user: 'everybody',
    trustName: '[web1.example.com]:2222',
    strict: 'accept-new',
    keys: {
      named: true,
      only: true,
      files: [join(home, '.ssh/everybody_key'), join(home, 'my keys/web1.example.com')],
    },
    knownHosts: { user: [join(home, '.ssh/a'), join(home, '.ssh/b')], hash: true },
    keepAlive: { intervalMs: 15_000, count: 3 },
    connectTimeoutMs: 60_000,
  })
  expect(await places('root@web1:22')).toEqual(['root@web1.example.com:22'])
  expect(await places('web2')).toEqual(['everybody@web2:7'])
  expect((await route('web1', { identity: '/k' }))[0]?.keys).toMatchObject({ files: ['/k'], only: true })
})

it('ProxyJump: a chain, each hop by its own section', async () => {
  await write(`
    Host inner
      HostName 10.0.0.7
      ProxyJump outer@gate:2222,middle
    Host middle
      HostName 10.0.0.1
      User m
      ProxyJump none
    Host gate
      HostName gate.example
    Host plain
      ProxyJump none
    Host direct
      ProxyJump middle
    Host *
      User u
      ProxyJump elsewhere`)
  await expect(places('inner')).rejects.toMatchObject({
    code: 'AXLE_SSH_CONFIG',
    hint: expect.stringContaining('ProxyJump none'),
  })
  expect(await places('plain')).toEqual(['u@plain:22'])
  expect(await places('direct')).toEqual(['m@10.0.0.1:22', 'u@direct:22'])
  await write(`
    Host inner
      ProxyJump outer@gate:2222,middle
    Host middle
      HostName 10.0.0.1
      ProxyJump nowhere
    Host gate
      HostName gate.example
      ProxyJump first
    Host *
      User u`)
  // Of a chain the first goes its own way, the others through those before them.
  expect(await places('inner')).toEqual(['u@first:22', 'outer@gate.example:2222', 'u@10.0.0.1:22', 'u@inner:22'])
})

it('Include: relative names, patterns, and inside a section only for it', async () => {
  await write('Include conf.d/*.conf\nHost web1\n  Include only\nHost *\n  User last')
  await write('Host web1\n  HostName one.example\n', 'conf.d/10.conf')
  await write('Host web1 web2\n  HostName two.example\n', 'conf.d/20.conf')
  await write('User inside\n', 'only')
  expect(await places('web1')).toEqual(['inside@one.example:22'])
  expect(await places('web2')).toEqual(['last@two.example:22'])
  await write('Include config')
  await expect(route('web1')).rejects.toThrow('deep')
})

it('Match: by host, original host, user, all; final looks again', async () => {
  await write(`
    Match originalhost web1 user root
      Port 1
    Match host "*.example.com,x"
      Port 2
    Match final host w.example.com
      User f
    Match !originalhost web1
      Port 4
    Host w
      HostName w.example.com
    Match all
      Port 5`)
  expect((await places('root@web1'))[0]).toBe('root@web1:1')
  expect((await places('a.example.com'))[0]).toContain(':2')
  expect((await places('w'))[0]).toBe('f@w.example.com:4')
  expect((await places('somebody@web1'))[0]).toContain(':5')
})

it.each([
  ['ProxyCommand', 'ProxyCommand nc %h %p'],
  ['KnownHostsCommand', 'KnownHostsCommand /usr/bin/x'],
  ['PKCS11Provider', 'PKCS11Provider /usr/lib/p.so'],
  ['CanonicalizeHostname', 'CanonicalizeHostname yes'],
  ['RevokedHostKeys', 'RevokedHostKeys /etc/revoked'],
  ['PubkeyAuthentication', 'PubkeyAuthentication no'],
])('%s is refused where it applies, and only there', async (name, line) => {
  await write(`Host web1\n  ${line}\n`)
  await expect(route('web1')).rejects.toMatchObject({
    code: 'AXLE_SSH_CONFIG',
    exit: 2,
    where: join(home, '.ssh/config'),
    message: expect.stringContaining(name),
  })
  expect(await route('web2')).toHaveLength(1)
})

it('Match exec is refused where everything before it matches', async () => {
  await write('Match host web1 exec "true"\n  Port 3\n')
  await expect(route('web1')).rejects.toMatchObject({
    code: 'AXLE_SSH_CONFIG',
    message: expect.stringContaining('Match exec'),
  })
  expect(await route('web2')).toHaveLength(1)
})

it('ProxyJump and ProxyCommand: whichever stands first', async () => {
  await write('Host web1\n  ProxyJump none\n  ProxyCommand nc %h %p\n')
  expect(await route('web1')).toHaveLength(1)
  await write('Host web1\n  ProxyCommand none\n  ProxyJump gate\n')
  expect(await route('web1')).toHaveLength(1)
})

it('what does not change the connection is passed over', async () => {
  await write(
    'Host *\n  ControlMaster auto\n  ControlPath ~/.ssh/%C\n  SendEnv LANG\n  ForwardAgent yes\n  GSSAPIAuthentication yes\n',
  )
  expect(await route('web1')).toHaveLength(1)
})

it('a file that others can write to is not believed', async () => {
  await write('Host *\n')
  await chmod(join(home, '.ssh/config'), 0o666)
  await expect(route('web1')).rejects.toThrow('Others can change')
})

it('says where something is wrong in the file', async () => {
  await write('Host web1\n  Port many\n')
  await expect(route('web1')).rejects.toMatchObject({ where: join(home, '.ssh/config') })
  await write('Host web1\n  IdentityFile ~/%C\n')
  await expect(route('web1')).rejects.toThrow('%C')
  await write('Host web1\n  Ciphers none-of-ours\n')
  expect(await route('web1')).toHaveLength(1)
})
