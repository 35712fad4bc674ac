import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'
import type { HostTarget } from '../config/hosts.ts'
import { fingerprint, judge, keyType, knownHostsName, knownTypes } from './known-hosts.ts'

export async function readKnownHosts(): Promise<string> {
  const files = [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts']
  return (await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))).join('\n')
}

/** Why this key of a host is not to be trusted; `undefined` where it is. */
export function distrust(target: HostTarget, key: Buffer, knownHosts: string): AxleError | undefined {
  const shown = fingerprint(key)
  const name = knownHostsName(target.host, target.port)
  const refuse = (message: string, hint?: string) =>
    new AxleError('AXLE_HOST_KEY', message, { where: name, ...(hint === undefined ? {} : { hint }) })
  // Revoked is revoked, whoever pinned it.
  const judgement = judge(knownHosts, name, key)
  if (judgement === 'revoked')
    return refuse(
      `${name} shows the key ${shown}, which known_hosts marks as revoked.`,
      'Do not connect: give the host a new key, or find out who answers in its place.',
    )
  if (target.hostKey !== undefined) {
    if (target.hostKey === shown) return undefined
    return refuse(`${name} shows the key ${shown}, and ${target.hostKey} is expected.`)
  }
  if (judgement === 'trusted') return undefined
  if (judgement === 'changed') {
    return refuse(
      `${name} shows the key ${shown} (${keyType(key)}), which is not the one in known_hosts: the host was reinstalled, or somebody answers in its place.`,
      `If its console shows the same fingerprint: ssh-keygen -R '${name}', then connect again.`,
    )
  }
  return refuse(
    `${name} is not known; it shows the key ${shown} (${keyType(key)}).`,
    [
      "If the host's own console shows that fingerprint, add this line to ~/.ssh/known_hosts:",
      `  ${name} ${keyType(key)} ${key.toString('base64')}`,
      `or pass: --host-key ${shown}`,
    ].join('\n'),
  )
}

const ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const
export type HostKeyAlgorithm = (typeof ALGORITHMS)[number]

/** Known types first: a host shows the first of these that it has. */
export function hostKeyAlgorithms(target: HostTarget, knownHosts: string): HostKeyAlgorithm[] {
  const types = knownTypes(knownHosts, knownHostsName(target.host, target.port))
  const isKnown = (algorithm: string) => types.includes(algorithm.startsWith('rsa-sha2') ? 'ssh-rsa' : algorithm)
  return [...ALGORITHMS.filter(isKnown), ...ALGORITHMS.filter((algorithm) => !isKnown(algorithm))]
}
