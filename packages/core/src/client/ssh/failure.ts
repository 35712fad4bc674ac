import { AxleError } from '../../protocol/errors.ts'
import type { Hop } from './route.ts'

/** How far a connection had come when it failed. */
export type Stage = 'opening' | 'greeting'

/** `web1 (198.51.100.7:2222)`: as it was named, and where that is. */
export function placeOf({ name, host, port }: Pick<Hop, 'name' | 'host' | 'port'>): string {
  const where = port === 22 ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`
  return where === name ? name : `${name} (${where})`
}

const REASONS: Readonly<Record<string, (hop: Hop) => readonly [why: string, hint: string]>> = {
  ENOTFOUND: ({ host }) => [`the name ${host} does not exist`, 'Check the spelling, and that its DNS record is there.'],
  EAI_AGAIN: ({ host }) => [
    `the name ${host} cannot be looked up now`,
    'Check this machine’s network and its DNS servers.',
  ],
  ECONNREFUSED: ({ port }) => [`it refuses connections on port ${port}`, 'Check the port, and that sshd runs there.'],
  EHOSTUNREACH: () => ['no way leads to it', 'Check the address, and that the host is up.'],
  ENETUNREACH: () => [
    'this machine has no way to that network',
    'Check this machine’s network, or use the other kind of address (IPv4, IPv6).',
  ],
  ETIMEDOUT: () => [
    'it does not answer',
    'Check the address, that the host is up, and that no firewall is in the way.',
  ],
  ECONNRESET: () => [
    'it cut the connection before it said anything',
    'Perhaps it blocks this machine (fail2ban, MaxStartups), or the port is not sshd’s.',
  ],
}

/** Why there is no connection, in words that tell one reason from another. */
export function unreachable(hop: Hop, thrown: unknown): AxleError {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const codes = thrown instanceof AggregateError ? thrown.errors : [thrown]
  const code = codes
    .map((one) => (one instanceof Error && 'code' in one ? String(one.code) : ''))
    .find((one) => one in REASONS)
  const early = /before handshake|handshake$/i.test(message) ? 'ECONNRESET' : undefined
  const [why, hint] = REASONS[code ?? early ?? '']?.(hop) ?? [message, undefined]
  return new AxleError('AXLE_UNREACHABLE', `${placeOf(hop)} cannot be reached: ${why}.`, {
    where: hop.name,
    ...(hint === undefined ? {} : { hint }),
    cause: thrown,
  })
}

export function tooSlow(hop: Hop, stage: Stage): AxleError {
  const seconds = hop.connectTimeoutMs / 1000
  return stage === 'opening'
    ? new AxleError('AXLE_UNREACHABLE', `${placeOf(hop)} cannot be reached: no answer within ${seconds} s.`, {
        where: hop.name,
        hint: 'Check the address, that the host is up, and that no firewall is in the way.',
      })
    : new AxleError(
        'AXLE_UNREACHABLE',
        `${placeOf(hop)} took the connection, but the login did not end within ${seconds} s.`,
        {
          where: hop.name,
          hint: 'Perhaps the port is not sshd’s, or the host is very slow: ssh -v shows how far it comes.',
        },
      )
}

/** The hop before could not open the way to this one. */
export function notThrough(via: Hop, hop: Hop, thrown: unknown): AxleError {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const prohibited = thrown instanceof Error && 'reason' in thrown && Number(thrown.reason) === 1
  return new AxleError(
    'AXLE_UNREACHABLE',
    `${placeOf(hop)} cannot be reached through the jump host ${placeOf(via)}: ${prohibited ? 'it forbids that' : message}.`,
    {
      where: hop.name,
      hint: prohibited
        ? `On ${via.name}, sshd_config must allow it: AllowTcpForwarding yes (or local), and PermitOpen.`
        : `Check that ${via.name} reaches ${hop.host} port ${hop.port}.`,
      cause: thrown,
    },
  )
}

/** An error of a host that only leads to the one that is meant. */
export function atJumpHost(error: AxleError, via: Hop, target: Hop): AxleError {
  return new AxleError(error.code, `At the jump host ${placeOf(via)}, on the way to ${target.name}: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    where: error.where ?? via.name,
    cause: error,
  })
}
