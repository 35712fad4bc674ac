import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { bundleEnvironment, type Trust } from '../machine/trust.ts'
import { maskedUnits, person } from './recipe.ts'

/** Turns what mmdebstrap unpacked into a root that any number of hosts can start from. */
export async function finishRoot(root: string, trust: Trust): Promise<void> {
  await removeIdentity(root)
  await addPerson(root)
  await addTrust(root, trust)
  // A host gets a machine id before its first boot, so systemd's presets never run: enable by hand what they would.
  await execa('systemctl', [`--root=${root}`, 'enable', 'systemd-networkd.service', 'ssh.service'])
  await execa('systemctl', [`--root=${root}`, 'set-default', 'multi-user.target'])
  await execa('systemctl', [`--root=${root}`, 'mask', ...maskedUnits])
}

/** Nothing by which one host could be taken for another may lie in the image. */
async function removeIdentity(root: string): Promise<void> {
  const ssh = join(root, 'etc/ssh')
  for (const name of await readdir(ssh)) {
    if (name.startsWith('ssh_host_')) await rm(join(ssh, name))
  }
  await rm(join(root, 'etc/hostname'), { force: true })
  await rm(join(root, 'etc/resolv.conf'), { force: true })
  await writeFile(join(root, 'etc/machine-id'), '')
}

async function addPerson(root: string): Promise<void> {
  await execa('chroot', [
    root,
    'useradd',
    '--create-home',
    '--shell',
    '/bin/bash',
    '--uid',
    String(person.uid),
    person.name,
  ])
  await writeFile(join(root, 'etc/sudoers.d', person.name), `${person.name} ALL=(ALL:ALL) NOPASSWD: ALL\n`, {
    mode: 0o440,
  })
}

async function addTrust(root: string, trust: Trust): Promise<void> {
  if (trust.authorities.length === 0) return
  const folder = join(root, 'usr/local/share/ca-certificates')
  await mkdir(folder, { recursive: true })
  for (const { name, pem } of trust.authorities) await writeFile(join(folder, name), pem)
  await execa('chroot', [root, 'update-ca-certificates'])
  const lines = Object.entries(bundleEnvironment).map(([name, value]) => `${name}=${value}\n`)
  await appendFile(join(root, 'etc/environment'), lines.join(''))
}
