import type { Prompt } from '../../cli/io/prompt.ts'
import type { HostTarget } from '../config/hosts.ts'
import type { Connection } from '../ssh/index.ts'

/** A connection that was begun before it was known what it is for. */
export interface Way {
  readonly target: HostTarget
  readonly connection: Promise<Connection>
}

/** Sets out for a host. Resolves once the connection is under way, so that what loads next does not hold it up. */
export async function setOut(target: HostTarget, prompt?: Prompt): Promise<Way> {
  const { connectSsh, dial, resolveRoute } = await import('../ssh/index.ts')
  const { promise: underWay, resolve } = Promise.withResolvers<void>()
  const connection = resolveRoute(target).then((route) => connectSsh(dial(route), { prompt, onUnderWay: resolve }))
  // It fails for whoever uses it; a way that nobody takes has no one to tell.
  connection.catch(() => undefined)
  await Promise.race([underWay, connection.catch(() => undefined)])
  return { target, connection }
}

/** The connection, if the way leads to that host and still stands; otherwise a new one. */
export async function arrive(way: Way | undefined, target: HostTarget, prompt?: Prompt): Promise<Connection> {
  if (way !== undefined) {
    if (sameTarget(way.target, target)) {
      const connection = await way.connection
      if (connection.stands()) return connection
    } else leave(way)
  }
  return (await setOut(target, prompt)).connection
}

export function leave(way: Way | undefined): void {
  way?.connection.then(
    (connection) => connection.close(),
    () => undefined,
  )
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
