import type { Duplex, Readable } from 'node:stream'
import type { Client } from 'ssh2'
import { AxleError } from '../../protocol/errors.ts'
import { placeOf } from './failure.ts'
import type { Hop } from './route.ts'

/** One command on the host: write is its standard input, read its standard output. */
export interface Channel {
  readonly stream: Duplex
  readonly stderr: Readable
  /** Its exit code; `undefined` where the connection went before it told. Settles when the channel is closed. */
  readonly exit: Promise<number | undefined>
}

export interface Connection {
  readonly name: string
  readonly user: string
  exec(command: string): Promise<Channel>
  /** Why the connection went, once it has. */
  lostBy(): string | undefined
  /** Whether it can still be used. */
  stands(): boolean
  close(): void
}

/** The last host of a route, once it is logged in to. */
export interface Opened {
  readonly client: Client
  lostBy(): string | undefined
  stands(): boolean
}

export function connection(target: Hop, { client, lostBy, stands }: Opened, close: () => void): Connection {
  const name = placeOf(target)
  return {
    name,
    user: target.user,
    lostBy,
    stands,
    close,
    exec: (command) =>
      new Promise((resolve, reject) => {
        client.exec(command, (error, stream) => {
          if (error !== undefined) {
            reject(
              new AxleError('AXLE_UNREACHABLE', `${name} runs no commands for ${target.user}: ${error.message}`, {
                where: target.name,
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
  }
}
