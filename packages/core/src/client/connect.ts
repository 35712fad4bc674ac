import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Connect } from '../cli/connect.ts'
import type { Prompt } from '../cli/io/prompt.ts'
import { AxleError } from '../protocol/errors.ts'
import { type Hello, isOperation, PROTOCOL, request as requestSchema } from '../protocol/wire.ts'
import { type HostTarget, parseAddress } from './config/hosts.ts'
import { foreseeMissing, rememberSent } from './files/ahead.ts'
import type { Prepared } from './prepare.ts'
import type { Progress } from './progress.ts'
import { openSession } from './session.ts'
import type { Connection } from './ssh/index.ts'
import { SudoPassword } from './ssh/sudo.ts'
import { startEngine } from './start.ts'
import { rememberTarget } from './way/foresight.ts'
import { arrive, type Way } from './way/way.ts'

export interface ConnectOptions {
  readonly cwd: string
  /** `--host`, `--identity`, `--host-key`: each stands over the config's. */
  readonly host?: string
  readonly identity?: string
  readonly hostKey?: string
  /** For what only a person can answer: keys of unknown hosts, passphrases, sudo's password. */
  readonly prompt?: Prompt
  readonly onProgress?: (progress: Progress) => void
  /** A connection that is under way already, perhaps to the host that is meant. */
  readonly way?: Way | undefined
}

/** The host that is meant: `--host`, or the one that the config names. */
export function targetOf(hosts: readonly HostTarget[], options: ConnectOptions): HostTarget {
  const { host, identity, hostKey } = options
  const extra = {
    ...(identity === undefined
      ? {}
      : { identity: identity.startsWith('~/') ? identity : resolve(options.cwd, identity) }),
    ...(hostKey === undefined ? {} : { hostKey }),
  }
  if (host === undefined) {
    const [only, ...others] = hosts
    if (only === undefined)
      throw new AxleError('AXLE_USAGE', 'No host is named.', {
        hint: 'Add host to the config, or pass --host user@address.',
      })
    if (others.length === 0) return { ...only, ...extra }
    throw new AxleError('AXLE_USAGE', `The config names ${hosts.length} hosts.`, {
      hint: `Pass --host with one of: ${hosts.map((one) => one.host).join(', ')}`,
    })
  }
  const target = parseAddress(host)
  if (target === undefined)
    throw new AxleError('AXLE_USAGE', `--host ${host}: expected "user@host" or "user@host:port".`)
  const known = hosts.find((one) => one.host === target.host && (one.port ?? 22) === (target.port ?? 22))
  return { ...known, ...target, ...extra }
}

/** The way to the engine on a host: one SSH connection and one command a session. */
export function connectTo(prepared: Prepared, options: ConnectOptions): Connect {
  const { config } = prepared.resolved
  const password = new SudoPassword(options.prompt)
  // Its connection is one session's: the next one sets out anew.
  let { way } = options
  const connections = new Set<Connection>()
  return {
    project: config.project,
    services: config.services.map(({ name }) => name),
    secrets: new Map(config.services.map(({ name, env }) => [name, secretsOf(env)])),
    open: async (input, { project }) => {
      const request = requestSchema.parse(input)
      const target = targetOf(prepared.resolved.hosts, options)
      const known = request.verb === 'deploy' ? foreseeMissing(nameOf(target), project, prepared.contents) : undefined
      const begun = way
      way = undefined
      const connection = await arrive(begun, target, options.prompt)
      connections.add(connection)
      const { host, identity, hostKey } = options
      void rememberTarget({ file: prepared.file, host, identity, hostKey }, target)
      try {
        const { channel, output, ended } = await startEngine(connection, password, {
          prepared,
          project,
          operation: isOperation(request.verb) ? randomBytes(4).toString('hex') : undefined,
          onProgress: options.onProgress,
        })
        const ahead = await known
        const hello: Hello = {
          t: 'hello',
          protocol: PROTOCOL,
          project,
          actor: prepared.actor,
          time: new Date().toISOString(),
          request,
          config: prepared.resolved.config,
          manifests: mutable(prepared.manifests),
          ...(ahead === undefined ? {} : { ahead: true }),
        }
        return await openSession(
          { input: channel.stream, output, ended: () => ended('after'), close: () => connection.close() },
          {
            hello,
            ahead,
            contents: prepared.contents,
            onProgress: options.onProgress,
            onComplete: () => void rememberSent(nameOf(target), project, prepared.manifests),
          },
        )
      } catch (thrown) {
        connection.close()
        throw thrown
      }
    },
    close: () => {
      way?.leave()
      for (const connection of connections) connection.close()
    },
  }
}

function secretsOf(env: Prepared['resolved']['config']['services'][number]['env']): ReadonlySet<string> {
  return new Set(Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.secret])))
}

const nameOf = ({ host, port }: HostTarget): string => `${host}:${port ?? ''}`

/** The wire's type has arrays that may be written to. */
function mutable(manifests: Prepared['manifests']): NonNullable<Hello['manifests']> {
  return Object.fromEntries(Object.entries(manifests).map(([service, manifest]) => [service, [...manifest]]))
}
