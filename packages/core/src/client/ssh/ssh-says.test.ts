import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { resolveRoute } from './route.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'axle-home-'))
  vi.stubEnv('HOME', home)
  await mkdir(join(home, '.ssh'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(home, { recursive: true })
})

const CONFIGS = [
  'Host web*\n  User a\nHost web1\n  User b\n  Port 3\nHost *\n  HostName %h.x.example\n  Port 4',
  'Host !web1 *\n  Port 5\nMatch host web1\n  HostName y\nMatch host y\n  User y\nMatch originalhost web1\n  Port 6',
  'User = top\nHost w?b1\n  Hostname z # why\nMatch user top\n  Port 7\nMatch all\n  User late',
  'Host "web1" web2\n\tPORT 8\n\nMatch final all\n  User f\nHost z\n  Port 9',
  'Host web1\n  HostName z\nMatch final host z\n  User f\nMatch final\n  Port 10',
  'Host web2,web1\n  Port 11\nHost web*,!web1\n  User x',
  'Host web1\n  HostName "10.0.0.1"\n  HostKeyAlias key\n  ConnectTimeout 1m30s\n  ServerAliveInterval 2\n  ServerAliveCountMax 9',
]

it.each(CONFIGS)('as ssh -G reads it: %j', async (text) => {
  const file = join(home, '.ssh/config')
  await writeFile(file, text, { mode: 0o600 })
  const said = new Map(
    execFileSync('ssh', ['-G', '-F', file, 'web1'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')
      .map((line): [string, string] => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)]),
  )
  const [hop] = (await resolveRoute({ host: 'web1' })).hops
  expect({ host: hop.host, port: String(hop.port), user: hop.user }).toEqual({
    host: said.get('hostname'),
    port: said.get('port'),
    user: said.get('user'),
  })
  if (said.get('serveraliveinterval') === '2') {
    expect(hop).toMatchObject({ connectTimeoutMs: 90_000, keepAlive: { intervalMs: 2000, count: 9 }, trustName: 'key' })
    expect(said.get('connecttimeout')).toBe('90')
  }
})
