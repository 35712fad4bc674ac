import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileHost } from '@axle-ia/testbed/vitest'
import type { Row } from './row.ts'

const OTHER_KEY = `SHA256:${'A'.repeat(43)}`

interface Way {
  readonly user?: string
  readonly address?: string
  readonly port?: number
  readonly identity?: string
  /** `null`: what known_hosts says. */
  readonly hostKey?: string | null
}

function wordsFor(host: FileHost, way: Way = {}): string[] {
  const {
    user = host.user,
    address = host.address,
    port = host.port,
    identity = host.identity,
    hostKey = host.hostKey,
  } = way
  const pinned = hostKey === null ? [] : ['--host-key', hostKey]
  return ['deploy', '--json', '--host', `${user}@${address}:${port}`, '--identity', identity, ...pinned]
}

/** A home folder with such a known_hosts. */
function home(directory: string, knownHosts: string): { HOME: string; SSH_AUTH_SOCK: string } {
  mkdirSync(join(directory, '.home/.ssh'), { recursive: true, mode: 0o700 })
  writeFileSync(join(directory, '.home/.ssh/known_hosts'), knownHosts)
  return { HOME: join(directory, '.home'), SSH_AUTH_SOCK: '' }
}

function newKey(path: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
  return path
}

const IGNORE = { '.axleignore': '.home\nkey*\n' }

/** A second sshd of the host, for which the machine looks different: systemd gives it another view of some files. */
interface View {
  readonly port: number
  readonly properties: readonly string[]
  readonly osRelease?: string
}
const VIEWS = {
  withoutSystemd: { port: 2201, properties: ['TemporaryFileSystem=/run/systemd'] },
  fedora: {
    port: 2202,
    properties: [],
    osRelease: 'ID=fedora\nVERSION_ID=40\nPRETTY_NAME="Fedora Linux 40"\n',
  },
  debian11: {
    port: 2203,
    properties: [],
    osRelease: 'ID=debian\nVERSION_ID="11"\nPRETTY_NAME="Debian GNU/Linux 11 (bullseye)"\n',
  },
  ubuntu20: {
    port: 2204,
    properties: [],
    osRelease: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="20.04"\nPRETTY_NAME="Ubuntu 20.04.6 LTS"\n',
  },
  withoutTar: { port: 2205, properties: ['InaccessiblePaths=/usr/bin/tar'] },
} as const satisfies Record<string, View>

export async function prepareWays(host: FileHost): Promise<void> {
  const keys = await host.readFile('/root/.ssh/authorized_keys')
  await host.run(['useradd', '--create-home', '--shell', '/bin/sh', 'plain'])
  await host.writeFile('/home/plain/.ssh/authorized_keys', keys, '0600')
  await host.run(['chown', '-R', 'plain:', '/home/plain/.ssh'])
  for (const [name, { port, properties, ...view }] of Object.entries(VIEWS)) {
    const files: string[] = []
    if ('osRelease' in view) {
      await host.writeFile(`/root/os-release-${name}`, view.osRelease)
      files.push(
        `BindReadOnlyPaths=/root/os-release-${name}:${name === 'fedora' ? '/etc/os-release' : '/usr/lib/os-release'}`,
      )
    }
    // Family is told by a file that Fedora does not have.
    if (name === 'fedora')
      files.push('TemporaryFileSystem=/etc:ro', ...FEDORA_ETC.map((path) => `BindReadOnlyPaths=${path}`))
    const settings = [...properties, ...files].flatMap((one) => ['--property', one])
    await host.run([
      'systemd-run',
      '--quiet',
      `--unit=view-${name}`,
      ...settings,
      '/usr/sbin/sshd',
      '-D',
      '-p',
      String(port),
    ])
  }
  for (const { port } of Object.values(VIEWS)) {
    await host.run([
      'sh',
      '-c',
      `for i in $(seq 200); do ss -Hltn "sport = :${port}" | grep -q . && exit 0; sleep 0.05; done; exit 1`,
    ])
  }
}
/** What sshd and a login need of /etc. */
const FEDORA_ETC = [
  '/etc/ssh',
  '/etc/pam.d',
  '/etc/passwd',
  '/etc/group',
  '/etc/shadow',
  '/etc/security',
  '/etc/nsswitch.conf',
  '/etc/login.defs',
  '/etc/environment',
  '/etc/ld.so.cache',
  '/etc/alternatives',
]

const on = (view: View) => (host: FileHost) => wordsFor(host, { port: view.port })
const unsuitable = { exit: 1, code: 'AXLE_HOST_UNSUITABLE' } as const

/** What can be wrong on the way to the host, and with what is found there first. */
export const wayRows: readonly Row[] = [
  {
    name: 'an unknown host',
    words: (host) => wordsFor(host, { address: 'no-such-host.invalid' }),
    exit: 3,
    code: 'AXLE_UNREACHABLE',
    says: ['no-such-host.invalid', 'address'],
  },
  {
    name: 'a refused connection',
    words: (host) => wordsFor(host, { port: 2299 }),
    exit: 3,
    code: 'AXLE_UNREACHABLE',
    says: [':2299', /refused/i, 'sshd'],
  },
  {
    name: 'a wrong key',
    files: IGNORE,
    words: (host, directory) => wordsFor(host, { identity: newKey(join(directory, 'key')) }),
    exit: 3,
    code: 'AXLE_AUTHENTICATION',
    says: ['refused root', '--identity'],
  },
  {
    name: 'a key file that is not there',
    words: (host) => wordsFor(host, { identity: 'nowhere/id_ed25519' }),
    exit: 3,
    code: 'AXLE_AUTHENTICATION',
    says: ['nowhere/id_ed25519', '--identity'],
  },
  {
    name: 'a changed host key, by --host-key',
    words: (host) => wordsFor(host, { hostKey: OTHER_KEY }),
    exit: 3,
    code: 'AXLE_HOST_KEY',
    says: [OTHER_KEY, /shows the key SHA256:/],
  },
  {
    name: 'a changed host key, by known_hosts',
    files: IGNORE,
    words: (host, directory) => {
      const line = execFileSync('ssh-keygen', ['-y', '-f', newKey(join(directory, 'key'))], { encoding: 'utf8' })
      home(directory, `${host.address} ${line}`)
      return wordsFor(host, { hostKey: null })
    },
    env: (directory) => ({ HOME: join(directory, '.home'), SSH_AUTH_SOCK: '' }),
    exit: 3,
    code: 'AXLE_HOST_KEY',
    says: ['not the one in known_hosts', 'ssh-keygen -R'],
  },
  {
    name: 'an unknown host key',
    files: IGNORE,
    words: (host) => wordsFor(host, { hostKey: null }),
    env: (directory) => home(directory, ''),
    exit: 3,
    code: 'AXLE_HOST_KEY',
    says: ['is not known', /SHA256:/, 'ssh-ed25519 AAAA', '--host-key'],
  },
  {
    name: 'no sudo',
    words: (host) => wordsFor(host, { user: 'plain' }),
    exit: 3,
    code: 'AXLE_RIGHTS',
    says: ['plain', 'root'],
  },
  { name: 'not systemd', words: on(VIEWS.withoutSystemd), ...unsuitable, says: ['systemd does not run'] },
  { name: 'not the Debian family', words: on(VIEWS.fedora), ...unsuitable, says: ['Fedora Linux 40', 'Debian 12'] },
  {
    name: 'an OS too old: Debian 11',
    words: on(VIEWS.debian11),
    ...unsuitable,
    says: ['Debian GNU/Linux 11', 'Debian 12'],
  },
  {
    name: 'an OS too old: Ubuntu 20.04',
    words: on(VIEWS.ubuntu20),
    ...unsuitable,
    says: ['Ubuntu 20.04', 'Ubuntu 22.04'],
  },
  { name: 'a program missing that every Debian has', words: on(VIEWS.withoutTar), ...unsuitable, says: ['tar'] },
]
