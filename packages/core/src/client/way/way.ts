import type { Prompt } from '../../cli/io/prompt.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { HostTarget } from '../config/hosts.ts'
import type { Connection } from '../ssh/index.ts'

/** A connection that was begun before it was known what it is for. */
export interface Way {
  readonly target: HostTarget
  readonly connection: Promise<Connection>
  /** When it was begun, by performance.now(). */
  readonly since: number
  /** That host is meant. Until then it is not logged in to, and nobody is asked about it. */
  mean(): void
  /** Ends it, however far it has come. */
  leave(): void
}

/** Sets out for a host. Resolves once the connection is under way, so that what loads next does not hold it up. */
export async function setOut(target: HostTarget, prompt?: Prompt): Promise<Way> {
  const { connectSsh, dial, Gate, resolveRoute } = await import('../ssh/index.ts')
  const { promise: underWay, resolve } = Promise.withResolvers<void>()
  const gate = new Gate()
  const since = performance.now()
  const connection = resolveRoute(target).then((route) =>
    connectSsh(dial(route), { prompt, gate, onUnderWay: resolve }),
  )
  // It fails for whoever uses it; a way that nobody takes has no one to tell.
  connection.catch(() => undefined)
  await Promise.race([underWay, connection.catch(() => undefined)])
  return {
    target,
    connection,
    since,
    mean: () => gate.mean(),
    leave: () => {
      gate.leave()
      connection.then(
        (one) => one.close(),
        () => undefined,
      )
    },
  }
}

/** The config says which host is meant: a way that leads there may go on, any other ends. */
export function settle(way: Way | undefined, target: HostTarget | undefined): void {
  if (way === undefined) return
  if (target !== undefined && sameTarget(way.target, target)) way.mean()
  else way.leave()
}

/** The connection, if the way leads to that host and still stands; otherwise a new one. */
export async function arrive(way: Way | undefined, target: HostTarget, prompt?: Prompt): Promise<Connection> {
  settle(way, target)
  if (way !== undefined && sameTarget(way.target, target)) {
    const connection = await way.connection.catch((thrown: unknown) => {
      if (!isWorthAnother(way, thrown)) throw thrown
      return undefined
    })
    if (connection?.stands() === true) return connection
  }
  const next = await setOut(target, prompt)
  next.mean()
  return next.connection
}

/** Of a way that failed later than this nobody waits for a second try (milliseconds). */
const SOON = 5_000

/** A host lets only so many wait before their login (sshd_config(5), MaxStartups), and this one waited for the config. */
function isWorthAnother({ since }: Way, thrown: unknown): boolean {
  const failed = thrown instanceof AxleError && thrown.code === 'AXLE_UNREACHABLE'
  return failed && performance.now() - since < SOON
}

function sameTarget(one: HostTarget, other: HostTarget): boolean {
  const { user, host, port, hostKey, identity } = one
  return (
    user === other.user &&
    host === other.host &&
    port === other.port &&
    hostKey === other.hostKey &&
    identity === other.identity
  )
}
