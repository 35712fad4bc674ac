import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { TestbedError } from '../errors/testbed-error.ts'

/** Each program that the testbed runs, and the Debian package that brings it. */
const programs: Readonly<Record<string, string>> = {
  flock: 'util-linux',
  ip: 'iproute2',
  mmdebstrap: 'mmdebstrap',
  nft: 'nftables',
  nsenter: 'util-linux',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  'systemd-nspawn': 'systemd-container',
}
const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
// A service's or CI's PATH often lacks the sbin folders, where ip and nft live.
const searchPath = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/bin',
  '/bin',
]

/** Why this machine cannot carry hosts, in words for a skipped test; undefined when it can. */
export function whyNoHosts(): string | undefined {
  if (process.platform !== 'linux') return `needs Linux, this is ${process.platform}`
  if (!/^(ID|ID_LIKE)=.*debian/m.test(osRelease())) return 'needs Debian or a system derived from it (apt)'
  if (process.getuid?.() !== 0) return 'needs root (namespaces, mounts)'
  return undefined
}

/** Makes sure that this machine can carry hosts: installs the packages that are missing, and says so. */
export async function ensureMachine(say: (line: string) => void): Promise<void> {
  const reason = whyNoHosts()
  if (reason !== undefined) {
    throw new TestbedError('this machine cannot carry testbed hosts', {
      why: reason,
      fix: 'run as root on Debian 12 or later, or name a host of your own: AXLE_TEST_HOST=user@address npm test',
    })
  }
  process.env.PATH = [...new Set(searchPath)].join(delimiter)
  const packages = missingPackages()
  if (packages.length === 0) return
  say(`installing ${packages.join(', ')} with apt-get`)
  if (!(await install(packages))) {
    say('apt-get knows no such packages yet: apt-get update')
    await apt(['update'])
    if (!(await install(packages))) {
      throw new TestbedError(`apt-get could not install ${packages.join(', ')}`, {
        why: 'see the output of apt-get above',
        fix: `install them by hand: apt-get install ${packages.join(' ')}`,
      })
    }
  }
}

function missingPackages(): string[] {
  const wanted = Object.entries(programs).filter(([program]) => !isInstalled(program))
  const packages = wanted.map(([, packageName]) => packageName)
  if (!existsSync(debianKeyring)) packages.push('debian-archive-keyring')
  return [...new Set(packages)]
}

function isInstalled(program: string): boolean {
  return searchPath.some((folder) => existsSync(join(folder, program)))
}

async function install(packages: readonly string[]): Promise<boolean> {
  return apt(['install', '--yes', '--no-install-recommends', ...packages])
}

async function apt(args: readonly string[]): Promise<boolean> {
  const { exitCode } = await execa('apt-get', ['-qq', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    reject: false,
    stdin: 'ignore',
    // Ours may be read by a program (--json).
    stdout: process.stderr,
    stderr: 'inherit',
  })
  return exitCode === 0
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}
