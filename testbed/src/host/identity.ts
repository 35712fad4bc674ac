import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { person } from '../image/recipe.ts'
import { addressOf, gateway, prefixLength } from '../network/address.ts'
import { placesOf } from '../places.ts'
import type { HostRecord } from './record.ts'

/** Writes what makes this host itself into its disk. Returns the fingerprint of its ed25519 host key. */
export async function writeIdentity(record: HostRecord): Promise<string> {
  const { name, index } = record
  const { root } = placesOf(name)
  const etc = join(root, 'etc')
  await writeFile(join(etc, 'machine-id'), `${randomBytes(16).toString('hex')}\n`)
  await writeFile(join(etc, 'hostname'), `${name}\n`)
  // Without its own name here every sudo waits for the name servers (20 s).
  await writeFile(join(etc, 'hosts'), `127.0.0.1 localhost\n127.0.1.1 ${name}\n::1 localhost ip6-localhost\n`)
  await writeFile(join(etc, 'systemd/network/10-host0.network'), networkFile(index))
  const hostKey = await makeHostKeys(record)
  await authorizeClient(name)
  return hostKey
}

// There is no IPv6 router: a host that asks for one is "not online", and holds nginx back, for 12 s.
const networkFile = (index: number): string => `[Match]
Name=host0

[Network]
Address=${addressOf(index)}/${prefixLength}
Gateway=${gateway}
LinkLocalAddressing=no
IPv6AcceptRA=no
`

// RSA is left out: a key takes up to a second, and every client of today speaks these two.
const keyTypes = ['ed25519', 'ecdsa']

async function makeHostKeys(record: HostRecord): Promise<string> {
  const { root, knownHosts } = placesOf(record.name)
  const publicKeys: string[] = []
  for (const type of keyTypes) {
    const file = join(root, `etc/ssh/ssh_host_${type}_key`)
    await makeKey(file, type, `root@${record.name}`)
    publicKeys.push(await readFile(`${file}.pub`, 'utf8'))
  }
  const lines = publicKeys.map((key) => `${record.address} ${key.split(' ').slice(0, 2).join(' ')}\n`)
  await writeFile(knownHosts, lines.join(''))
  return fingerprint(publicKeys[0] ?? '')
}

async function authorizeClient(name: string): Promise<void> {
  const { root, identity } = placesOf(name)
  await makeKey(identity, 'ed25519', 'axle-testbed')
  const publicKey = await readFile(`${identity}.pub`, 'utf8')
  for (const home of ['root', `home/${person.name}`]) {
    const folder = join(root, home, '.ssh')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(join(folder, 'authorized_keys'), publicKey, { mode: 0o600 })
  }
  await execa('chown', ['-R', `${person.uid}:${person.uid}`, join(root, 'home', person.name, '.ssh')])
}

async function makeKey(file: string, type: string, comment: string): Promise<void> {
  // ssh-keygen asks before it overwrites.
  await rm(file, { force: true })
  await execa('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', comment, '-f', file])
}

/** As ssh-keygen -l prints it. */
export function fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}
