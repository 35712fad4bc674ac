import type { Duplex, Readable } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
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

export function connection(target: Hop, { client, lostBy, stands: holds }: Opened, close: () => void): Connection {
  // The library tells of its end only later: whoever asks meanwhile would be given what is closed already.
  let closed = false
  const stands = () => !closed && holds()
  return {
    name: placeOf(target),
    user: target.user,
    lostBy,
    stands,
    close: () => {
      closed = true
      close()
    },
    exec: (command) =>
      run(client, command).catch((cause: unknown) => {
        throw stands() ? runsNone(target, cause) : gone(target, lostBy())
      }),
  }
}

/** The library throws at once where its socket is gone, and calls back where the host refuses. */
function run(client: Client, command: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, stream) => {
      if (error === undefined) resolve(channelOf(stream))
      else reject(error)
    })
  })
}

/** In the same turn: a command that is quick has ended in the next one. */
function channelOf(stream: ClientChannel): Channel {
  const exit = new Promise<number | undefined>((settle) => {
    let code: number | undefined
    stream.on('exit', (value: number | null) => {
      code = value ?? undefined
    })
    stream.on('close', () => settle(code))
  })
  stream.on('error', () => undefined)
  return { stream, stderr: stream.stderr, exit }
}

function runsNone(target: Hop, cause: unknown): AxleError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AxleError('AXLE_UNREACHABLE', `${placeOf(target)} runs no commands for ${target.user}: ${why}`, {
    where: target.name,
    cause,
  })
}

function gone(target: Hop, reason: string | undefined): AxleError {
  const because = reason === undefined ? '' : `: ${reason}`
  return new AxleError('AXLE_CONNECTION_LOST', `The connection to ${placeOf(target)} is closed${because}.`, {
    where: target.name,
  })
}
