import type * as z from 'zod'
import type { HostInput, hostFields } from '../../define/config.ts'
import type { Issues } from './issues.ts'

/** One machine, as a config or the command line names it. */
export interface HostTarget {
  readonly user?: string
  /** An address, a name, or an alias of `~/.ssh/config`. */
  readonly host: string
  /** Absent: what `~/.ssh/config` says, or 22. */
  readonly port?: number
  /** `SHA256:…` */
  readonly hostKey?: string
  /** Path of a private key. */
  readonly identity?: string
}

/** `user@host:port`, `host`, `[2001:db8::1]:2222`. */
export function parseAddress(address: string): HostTarget | undefined {
  const [, user, bracketed, plain, port] =
    /^(?:([^@]+)@)?(?:\[([^\]]+)\]|([^@:[\]]+))(?::(\d{1,5}))?$/.exec(address) ?? []
  const host = bracketed ?? plain
  const number = port === undefined ? undefined : Number(port)
  // A name with a dash in front would be an option to programs that it is passed to.
  if (host === undefined || host.startsWith('-') || /\s/.test(host)) return undefined
  if (number !== undefined && (number < 1 || number > 65_535)) return undefined
  return { ...(user === undefined ? {} : { user }), host, ...(number === undefined ? {} : { port: number }) }
}

interface HostsInput {
  readonly host?: HostInput | undefined
  readonly hosts?: readonly HostInput[] | undefined
}

export function resolveHosts(input: HostsInput, issues: Issues): readonly HostTarget[] {
  if (input.host !== undefined && input.hosts !== undefined) {
    issues.add(['hosts'], 'host and hosts say the same thing: keep one of them')
  }
  const written: readonly (readonly [path: readonly PropertyKey[], host: HostInput])[] = [
    ...(input.host === undefined ? [] : [[['host'], input.host] as const]),
    ...(input.hosts ?? []).map((host, index) => [['hosts', index], host] as const),
  ]
  const seen = new Set<string>()
  return written.flatMap(([path, host]) => {
    const fields: z.output<typeof hostFields> = typeof host === 'string' ? { address: host } : host
    const target = parseAddress(fields.address)
    if (target === undefined) {
      issues.add(path, 'expected "user@host:port" with a port from 1 to 65535')
      return []
    }
    const place = `${target.host}:${target.port ?? 22}`
    if (seen.has(place)) issues.add(path, `${place} is named twice: remove one`)
    seen.add(place)
    const { hostKey, identity } = fields
    return [
      { ...target, ...(hostKey === undefined ? {} : { hostKey }), ...(identity === undefined ? {} : { identity }) },
    ]
  })
}
