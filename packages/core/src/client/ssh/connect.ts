import { userInfo } from 'node:os'
import type { Duplex, Readable } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import { AxleError } from '../../protocol/errors.ts'
import type { HostTarget } from '../config/hosts.ts'
import { distrust, hostKeyAlgorithms, readKnownHosts } from './host-key.ts'
import { type Login, logins } from './keys.ts'
import { knownHostsName } from './known-hosts.ts'

/** One command on the host: write is its standard input, read its standard output. */
export interface Channel {
  readonly stream: Duplex
  readonly stderr: Readable
  /** Its exit code; `undefined` where the connection went before it told. Settles when the channel is closed. */
  readonly exit: Promise<number | undefined>
}

export interface Connection {
  readonly name: string
  exec(command: string): Promise<Channel>
  /** Whether it can still be used. */
  stands(): boolean
  close(): void
}

export function userOf(target: HostTarget): string {
  return target.user ?? userInfo().username
}

/** Connects to a host whose key is known, as a user with a key of ours. */
export async function connectSsh(target: HostTarget, onUnderWay: () => void = () => {}): Promise<Connection> {
  const name = knownHostsName(target.host, target.port)
  const username = userOf(target)
  const [knownHosts, ways] = await Promise.all([readKnownHosts(), logins(username, target.identity)])
  let refusal: AxleError | undefined
  const ssh = new NodeSSH()
  try {
    const connected = ssh.connect({
      host: target.host,
      port: target.port,
      username,
      authHandler: ways,
      algorithms: { serverHostKey: hostKeyAlgorithms(target, knownHosts) },
      // Without one, ssh2 accepts any key.
      hostVerifier: (key: Buffer): boolean => {
        refusal = distrust(target, key, knownHosts)
        return refusal === undefined
      },
      readyTimeout: 20_000,
      keepaliveInterval: 5_000,
      keepaliveCountMax: 6,
    })
    onUnderWay()
    await connected
  } catch (thrown) {
    ssh.dispose()
    throw refusal ?? connectError(thrown, { name, username, ways })
  }
  const client = ssh.connection
  if (client === null) throw new AxleError('AXLE_UNREACHABLE', `${name} closed the connection.`)
  // node-ssh takes its own listener away; an error without one would end this process. The channel's end tells the rest.
  client.on('error', () => undefined)
  client.setNoDelay(true)
  return {
    name,
    exec: (command) =>
      new Promise((resolve, reject) => {
        client.exec(command, (error, stream) => {
          if (error !== undefined) {
            reject(
              new AxleError('AXLE_UNREACHABLE', `${name} runs no commands for ${username}: ${error.message}`, {
                cause: error,
              }),
            )
            return
          }
          const exit = new Promise<number | undefined>((settle) => {
            let code: number | undefined
            stream.on('exit', (value: number | null) => {
              code = value ?? undefined
            })
            stream.on('close', () => settle(code))
          })
          stream.on('error', () => undefined)
          resolve({ stream, stderr: stream.stderr, exit })
        })
      }),
    stands: () => ssh.isConnected(),
    close: () => ssh.dispose(),
  }
}

interface Attempt {
  readonly name: string
  readonly username: string
  readonly ways: readonly Login[]
}

function connectError(thrown: unknown, { name, username, ways }: Attempt): AxleError {
  const level = thrown instanceof Error && 'level' in thrown ? thrown.level : undefined
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (level === 'client-authentication' || level === 'agent') {
    const tried = ways.map(({ type }) => (type === 'agent' ? 'the agent' : 'a key file'))
    return new AxleError(
      'AXLE_AUTHENTICATION',
      `${name} refused ${username} (tried: ${tried.length === 0 ? 'no key was found' : tried.join(', ')}).`,
      { where: name, cause: thrown },
    )
  }
  return new AxleError('AXLE_UNREACHABLE', `${name} cannot be reached: ${message}`, { where: name, cause: thrown })
}
