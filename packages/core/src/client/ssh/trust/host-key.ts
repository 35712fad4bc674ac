import { AxleError } from '../../../protocol/errors.ts'
import { allowed } from '../algorithms.ts'
import type { Hop } from '../route.ts'
import { fingerprint, judge, keyType, knownHostsLine, knownTypes } from './known-hosts.ts'

export type Verdict =
  | { readonly trusted: true }
  /** With `question`, a person may decide otherwise. */
  | { readonly trusted: false; readonly refusal: AxleError; readonly question?: string }

type Trust = Pick<Hop, 'name' | 'trustName' | 'hostKey' | 'strict' | 'knownHosts'>

const TRUSTED: Verdict = { trusted: true }

/** Whether a host that shows this key is the one that is meant. Nothing is sent to it before. */
export function verdictOn(hop: Trust, key: Buffer, knownHosts: string): Verdict {
  const shown = fingerprint(key)
  const { trustName: name } = hop
  const refuse = (message: string, hint?: string): Verdict => ({
    trusted: false,
    refusal: new AxleError('AXLE_HOST_KEY', message, { where: name, ...(hint === undefined ? {} : { hint }) }),
  })
  // Revoked is revoked, whoever pinned it.
  const judgement = judge(knownHosts, name, key)
  if (judgement === 'revoked')
    return refuse(
      `${name} shows the key ${shown}, which known_hosts marks as revoked.`,
      'Do not connect: give the host a new key, or find out who answers in its place.',
    )
  if (hop.hostKey !== undefined) {
    if (hop.hostKey === shown) return TRUSTED
    return refuse(`${name} shows the key ${shown}, and ${hop.hostKey} is expected.`)
  }
  if (judgement === 'trusted') return TRUSTED
  if (judgement === 'changed')
    return refuse(
      `${name} shows the key ${shown} (${keyType(key)}), which is not the one in known_hosts: the host was reinstalled, or somebody answers in its place.`,
      `If its console shows the same fingerprint: ssh-keygen -R '${name}', then connect again.`,
    )
  return unknown(hop, key, judgement === 'authority')
}

function unknown({ name, trustName, strict, knownHosts }: Trust, key: Buffer, hasAuthority: boolean): Verdict {
  const shown = fingerprint(key)
  const file = knownHosts.user[0] ?? '~/.ssh/known_hosts'
  const authority = hasAuthority
    ? ' known_hosts has only a @cert-authority line for it, and Axle cannot check host certificates: the SSH library (ssh2) does not negotiate them.'
    : ''
  const followed = ['no', 'off', 'accept-new'].includes(strict)
    ? [`StrictHostKeyChecking ${strict} is not followed: Axle takes no key that nobody has looked at.`]
    : []
  const refusal = new AxleError(
    'AXLE_HOST_KEY',
    `${trustName} is not known; it shows the key ${shown} (${keyType(key)}).${authority}`,
    {
      where: trustName,
      hint: [
        `If the host's own console shows that fingerprint, add this line to ${file}:`,
        `  ${knownHostsLine(trustName, key)}`,
        `or pass: --host-key ${shown}`,
        ...followed,
      ].join('\n'),
    },
  )
  if (strict === 'yes') return { trusted: false, refusal }
  const address = name === trustName ? name : `${name} (${trustName})`
  const question = [
    `${address} is not known yet.${authority}`,
    `It shows the key ${shown} (${keyType(key)}).`,
    "Trust it? Only if the host's own console shows the same fingerprint.",
  ].join('\n')
  return { trusted: false, refusal, question }
}

/** Known types first: a host shows the first of these that it has. */
export function hostKeyAlgorithms(
  { trustName, algorithms }: Pick<Hop, 'trustName' | 'algorithms'>,
  knownHosts: string,
) {
  const types = knownTypes(knownHosts, trustName)
  const isKnown = (algorithm: string) => types.includes(algorithm.startsWith('rsa-sha2') ? 'ssh-rsa' : algorithm)
  const all = allowed(algorithms, 'serverHostKey')
  return [...all.filter(isKnown), ...all.filter((algorithm) => !isKnown(algorithm))]
}
