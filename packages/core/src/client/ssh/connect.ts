import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { NodeSSH } from 'node-ssh'
import type { Client } from 'ssh2'
import type { Prompt } from '../../cli/io/prompt.ts'
import { AxleError } from '../../protocol/errors.ts'
import { allowed } from './algorithms.ts'
import { type Connection, connection } from './connection.ts'
import { deadline } from './deadline.ts'
import type { Dialled, HopFiles } from './dial.ts'
import { atJumpHost, notThrough, placeOf, tooSlow, unreachable } from './failure.ts'
import { type Gate, openGate } from './gate.ts'
import { Login, type Ssh2 } from './login/login.ts'
import type { Hop } from './route.ts'
import { hostKeyAlgorithms, verdictOn } from './trust/host-key.ts'
import { knownHostsLine } from './trust/known-hosts.ts'
import { addKnownHost } from './trust/known-hosts-file.ts'

export interface ConnectSshOptions {
  /** Where somebody sits: keys of unknown hosts and passphrases are asked for. */
  readonly prompt?: Prompt | undefined
  /** Of a way that is perhaps not wanted. Without it, it is. */
  readonly gate?: Gate
  /** The first host is being talked to: what loads next does not hold that up. */
  onUnderWay?(): void
}

interface Loaded {
  readonly NodeSSH: typeof NodeSSH
  readonly ssh2: Ssh2
}

/** Logs in to every host of a route, each through the one before, none without knowing its key. */
export async function connectSsh(
  dialled: Dialled,
  { prompt, gate = openGate(), onUnderWay }: ConnectSshOptions = {},
): Promise<Connection> {
  const [target, ...vias] = dialled.route.hops.toReversed()
  const opened: NodeSSH[] = []
  const close = () => {
    for (const one of opened.toReversed()) one.dispose()
    dialled.destroy()
  }
  gate.left.catch(close)
  try {
    const loaded = await load()
    let through: Duplex = dialled.socket
    let last: Opened | undefined
    for (const [at, hop] of dialled.route.hops.entries()) {
      const before = dialled.route.hops[at - 1]
      if (before !== undefined && last !== undefined)
        through = await last.ssh.forwardOut('127.0.0.1', 0, hop.host, hop.port).catch((thrown: unknown) => {
          throw notThrough(before, hop, thrown)
        })
      const files = await dialled.files[at]
      if (files === undefined) throw new Error('every hop has files')
      const socket = at === 0 ? dialled : undefined
      const asking = hop.batch || prompt === undefined ? undefined : gate.before(prompt)
      last = await open(hop, { files, through, socket, loaded, prompt: asking, gate, onUnderWay }).catch(
        (thrown: unknown) => {
          const error = AxleError.wrap(thrown)
          throw target === undefined || !vias.includes(hop) || !(thrown instanceof AxleError)
            ? thrown
            : atJumpHost(error, hop, target)
        },
      )
      opened.push(last.ssh)
    }
    if (last === undefined || target === undefined) throw new Error('a route has at least its target')
    return connection(target, last, close)
  } catch (thrown) {
    close()
    throw thrown
  }
}

async function load(): Promise<Loaded> {
  const [{ NodeSSH }, { default: ssh2 }] = await Promise.all([import('node-ssh'), import('ssh2')])
  return { NodeSSH, ssh2 }
}

interface Opened {
  readonly ssh: NodeSSH
  readonly client: Client
  lostBy(): string | undefined
  stands(): boolean
}

interface OpenSettings {
  readonly files: HopFiles
  readonly through: Duplex
  /** Of the first hop: its own errors, and whether it is open yet. */
  readonly socket: Dialled | undefined
  readonly loaded: Loaded
  readonly prompt: Prompt | undefined
  readonly gate: Gate
  readonly onUnderWay: (() => void) | undefined
}

async function open(
  hop: Hop,
  { files, through, socket, loaded, prompt, gate, onUnderWay }: OpenSettings,
): Promise<Opened> {
  const ssh = new loaded.NodeSSH()
  const passed = Promise.withResolvers<never>()
  passed.promise.catch(() => undefined)
  const limit = deadline(hop.connectTimeoutMs, () =>
    passed.reject(tooSlow(hop, isOpening(socket?.socket) ? 'opening' : 'greeting')),
  )
  const login = new Login({
    hop,
    files,
    ssh2: loaded.ssh2,
    prompt,
    deadline: limit,
    client: () => ssh.connection,
    giveUp: passed.reject,
  })
  let refusal: unknown
  let accepted: Buffer | undefined
  const trust = async (key: Buffer): Promise<boolean> => {
    // The host makes new session keys with the key that it has shown (RFC 4253, 9): no other, and it is not asked again.
    if (accepted !== undefined) return accepted.equals(key)
    if (!(await isTrusted(key))) return false
    accepted = Buffer.from(key)
    return true
  }
  const isTrusted = async (key: Buffer): Promise<boolean> => {
    const verdict = verdictOn(hop, key, files.knownHosts)
    if (verdict.trusted) return true
    refusal = verdict.refusal
    const { question } = verdict
    if (question === undefined || prompt === undefined) return false
    if (!(await limit.hold(() => prompt.confirm(question)))) return false
    await remember(hop, key)
    refusal = undefined
    return true
  }
  gate.left.catch(passed.reject)
  const early = socket?.failed.then((error) => Promise.reject(error)) ?? passed.promise
  early.catch(() => undefined)
  const connecting = ssh.connect({
    sock: through,
    username: hop.user,
    authHandler: (left, partial, next) => {
      limit.hold(() => gate.meant).then(() => login.handler(left, partial, next), passed.reject)
    },
    algorithms: {
      serverHostKey: hostKeyAlgorithms(hop, files.knownHosts),
      ...(hop.algorithms.kex === undefined ? {} : { kex: allowed(hop.algorithms, 'kex') }),
      ...(hop.algorithms.cipher === undefined ? {} : { cipher: allowed(hop.algorithms, 'cipher') }),
      ...(hop.algorithms.hmac === undefined ? {} : { hmac: allowed(hop.algorithms, 'hmac') }),
    },
    // Without one, ssh2 accepts any key.
    hostVerifier: (key: Buffer, verify: (trusted: boolean) => void): void => {
      trust(key).then(verify, (thrown: unknown) => {
        refusal = thrown
        verify(false)
      })
    },
    // Ours stands still while somebody is asked.
    readyTimeout: 0,
    keepaliveInterval: hop.keepAlive.intervalMs,
    keepaliveCountMax: hop.keepAlive.count,
  })
  connecting.catch(() => undefined)
  onUnderWay?.()
  try {
    await Promise.race([connecting, passed.promise, early])
  } catch (thrown) {
    ssh.dispose()
    throw refusal ?? explain(hop, thrown, login)
  } finally {
    limit.clear()
  }
  const client = ssh.connection
  if (client === null)
    throw new AxleError('AXLE_UNREACHABLE', `${placeOf(hop)} closed the connection.`, { where: hop.name })
  let reason: string | undefined
  // node-ssh takes its own listener away; an error without one would end this process. The channel's end tells the rest.
  client.on('error', (error: Error) => {
    reason ??= error.message
  })
  let closed = false
  client.on('close', () => {
    closed = true
  })
  return { ssh, client, lostBy: () => reason, stands: () => !closed && reason === undefined }
}

function isOpening(socket: Socket | undefined): boolean {
  return socket?.connecting === true
}

async function remember({ knownHosts, trustName }: Hop, key: Buffer): Promise<void> {
  const [file] = knownHosts.user
  if (file === undefined) return
  await addKnownHost(file, knownHostsLine(trustName, key, knownHosts.hash)).catch((cause: unknown) => {
    throw new AxleError('AXLE_HOST_KEY', `The key of ${trustName} cannot be added to ${file}.`, { where: file, cause })
  })
}

function explain(hop: Hop, thrown: unknown, login: Login): unknown {
  if (thrown instanceof AxleError) return thrown
  const level = thrown instanceof Error && 'level' in thrown ? thrown.level : undefined
  const message = thrown instanceof Error ? thrown.message : ''
  if (level === 'client-authentication' || level === 'agent' || /too many authentication/i.test(message))
    return login.refusal(thrown)
  return unreachable(hop, thrown)
}
