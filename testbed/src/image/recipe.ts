import { createHash } from 'node:crypto'
import type { Trust } from '../machine/trust.ts'

export type ImageKind = 'bare' | 'standard'

export const suite = 'bookworm'

export const sources: readonly string[] = [
  `deb http://deb.debian.org/debian ${suite} main`,
  `deb http://deb.debian.org/debian ${suite}-updates main`,
  `deb http://deb.debian.org/debian-security ${suite}-security main`,
]

// systemd-sysv makes systemd the init; without dbus, systemctl and systemd-run of a user's session do not work.
const bare = ['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'sudo', 'python3', 'ca-certificates']

// What one finds on a rented server, and the web server that the gateway needs.
const usual = [
  'cron',
  'curl',
  'iproute2',
  'iputils-ping',
  'less',
  'libpam-systemd',
  'logrotate',
  'nginx',
  'procps',
  'ufw',
]

export const packagesOf: Readonly<Record<ImageKind, readonly string[]>> = { bare, standard: [...bare, ...usual] }

/** apt's daily jobs take its lock at hours that no test can foresee. */
export const maskedUnits: readonly string[] = ['apt-daily.timer', 'apt-daily-upgrade.timer']

/** The login of a person with sudo, beside root. */
export const person = { name: 'deploy', uid: 1000 }

/** To be raised when finish.ts changes: cached images are found by the hash of everything that made them. */
const revision = 1

export function imageKey(kind: ImageKind, trust: Trust): string {
  const recipe = { revision, arch: process.arch, sources, packages: packagesOf[kind], maskedUnits, person, trust }
  return `${kind}-${createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16)}`
}
