import { resolve } from 'node:path'
import type { Connect } from '../cli/connect.ts'
import type { Prompt } from '../cli/io/prompt.ts'
import { AxleError } from '../protocol/errors.ts'
import { type Hello, isOperation, PROTOCOL, request as requestSchema } from '../protocol/wire.ts'
import { boot } from './boot/boot.ts'
import { bootCommand } from './boot/command.ts'
import { type HostTarget, parseAddress } from './config/hosts.ts'
import { foreseeMissing, rememberSent } from './files/ahead.ts'
import { nodeArchive } from './node/archive.ts'
import type { Prepared } from './prepare.ts'
import type { Progress } from './progress.ts'
import { openSession } from './session.ts'
import type { Channel, Connection } from './ssh/index.ts'
import { SUDO_PROMPT, type SudoMode, SudoPassword, sudoRefusal, wantsPassword } from './ssh/sudo.ts'
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
  const known = hosts.find((one) => one.host === target.host && one.port === target.port)
  return { ...known, ...target, ...extra }
}

/** The way to the engine on a host: one SSH connection and one command a session. */
export function connectTo(prepared: Prepared, options: ConnectOptions): Connect {
  const { config } = prepared.resolved
  const password = new SudoPassword(options.prompt)
  return {
    project: config.project,
    services: config.services.map(({ name }) => name),
    open: async (input, { project }) => {
      const request = requestSchema.parse(input)
      const target = targetOf(prepared.resolved.hosts, options)
      const known = request.verb === 'deploy' ? foreseeMissing(nameOf(target), project, prepared.contents) : undefined
      const connection = await arrive(options.way, target, options.prompt)
      const { host, identity, hostKey } = options
      void rememberTarget({ file: prepared.file, host, identity, hostKey }, target)
      try {
        const verb = isOperation(request.verb) ? 'operate' : 'ask'
        const start = { prepared, project, options, verb } as const
        const { channel, output, ended } = await startEngine(connection, password, start)
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
  }
}

const nameOf = ({ host, port }: HostTarget): string => `${host}:${port ?? ''}`

interface StartSettings {
  readonly prepared: Prepared
  readonly project: string
  readonly options: ConnectOptions
  readonly verb: 'operate' | 'ask'
}

/** Without a password first: only where sudo says that it needs one does a second command ask for it. */
async function startEngine(connection: Connection, password: SudoPassword, settings: StartSettings): Promise<Started> {
  if (password.isKnown) return startAs('asking', connection, password, settings)
  return startAs('silent', connection, password, settings).catch((thrown: unknown) => {
    if (!password.canAsk || !wantsPassword(thrown)) throw thrown
    return startAs('asking', connection, password, settings)
  })
}

interface Started {
  readonly channel: Channel
  readonly output: AsyncIterable<Uint8Array>
  ended(when: 'before' | 'after'): Promise<AxleError>
}

async function startAs(
  sudo: SudoMode,
  connection: Connection,
  password: SudoPassword,
  { prepared: { bundle, nodes, folder }, project, options, verb }: StartSettings,
): Promise<Started> {
  const channel = await connection.exec(bootCommand({ engine: bundle.hash, project, verb, nodes, sudo }))
  const answering = sudo === 'asking' ? password.answer(channel, `${connection.user} on ${connection.name}`) : undefined
  const ended = why(channel, connection)
  const output = answering === undefined ? channel.stream : heardFrom(channel.stream, answering.heard)
  const booted = boot(
    { input: channel.stream, output, ended: () => ended('before') },
    {
      bundle,
      nodes,
      archive: (version, architecture) => nodeArchive(version, architecture, { cwd: folder }),
      onProgress: options.onProgress,
    },
  )
  try {
    return {
      channel,
      ended,
      output: await (answering === undefined ? booted : Promise.race([booted, answering.failed])),
    }
  } finally {
    booted.catch(() => undefined)
    answering?.heard()
  }
}

async function* heardFrom(source: AsyncIterable<Uint8Array>, heard: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    heard()
    yield chunk
  }
}

/** Follows what goes wrong outside the protocol, and puts it into words once the channel is closed. */
function why(
  { stderr, exit }: Channel,
  { name, user, lostBy }: Connection,
): (when: 'before' | 'after') => Promise<AxleError> {
  let said = ''
  stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('utf8')}`.slice(-8_192)
  })
  return async (when) => {
    const code = await exit
    const output = said.replaceAll(SUDO_PROMPT, '').trim()
    const details = output === '' ? {} : { output }
    if (code === undefined)
      return new AxleError('AXLE_CONNECTION_LOST', `The connection to ${name} was lost${because(lostBy())}.`, details)
    if (when === 'after')
      return new AxleError('AXLE_ENGINE_DIED', `The engine ended without an answer (exit code ${code}).`, details)
    const refusal = sudoRefusal(output, user)
    if (refusal !== undefined) return refusal
    return new AxleError('AXLE_WIRE', `The host ended before it answered (exit code ${code}).`, details)
  }
}

function because(reason: string | undefined): string {
  if (reason === undefined) return ''
  return reason === 'Keepalive timeout' ? ': it gave no sign of life any more' : `: ${reason}`
}

/** The wire's type has arrays that may be written to. */
function mutable(manifests: Prepared['manifests']): NonNullable<Hello['manifests']> {
  return Object.fromEntries(Object.entries(manifests).map(([service, manifest]) => [service, [...manifest]]))
}
