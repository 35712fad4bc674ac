import { setTimeout as sleep } from 'node:timers/promises'
import { AxleError } from '../../protocol/errors.ts'
import { project as at } from '../../protocol/layout.ts'
import type { WaitingFor } from '../../protocol/wire.ts'
import type { LocalHost } from '../host/local-host.ts'
import { type Holder, lockedError, lockHolder } from '../lock/lock.ts'
import { Queue, type Ticket } from '../lock/queue.ts'

/** Milliseconds between two looks at who is first. */
const LOOK = 200
/** Contents that nothing uses yet go after an hour: what a waiter has sent is looked at again well before. */
const REFRESH = 600_000

export interface TurnOptions {
  readonly wait: boolean
  /** Aborted once the viewer is gone: its place in the queue goes with it. */
  readonly signal: AbortSignal
  onWaiting(held: WaitingFor): Promise<void>
  /** Now and then while it waits. */
  refresh(): Promise<unknown>
}

/**
 * The right to start an operation. One waits here, in the viewer's own process on the host: a viewer that leaves takes
 * its place with it. All operations come by here, so that nobody starts between those who wait.
 */
export async function takeTurn(
  host: LocalHost,
  project: string,
  who: WaitingFor,
  { wait, signal, onWaiting, refresh }: TurnOptions,
): Promise<Disposable> {
  const lock = host.path(at.lock(project))
  const queue = new Queue(host.path(at.queue(project)))
  const ticket = queue.enter(who)
  const leave = () => {
    ticket.leave()
    queue[Symbol.dispose]()
  }
  try {
    let said = ''
    let refreshed = performance.now()
    for (;;) {
      const held = firstOf(ticket, lock)
      if (held === undefined) return { [Symbol.dispose]: leave }
      if (!wait) throw lockedError(held)
      if (held !== 'unknown' && JSON.stringify(held) !== said) {
        said = JSON.stringify(held)
        await onWaiting(held)
      }
      if (performance.now() - refreshed > REFRESH) {
        refreshed = performance.now()
        await refresh()
      }
      await sleep(LOOK, undefined, { signal })
    }
  } catch (thrown) {
    leave()
    if (signal.aborted)
      throw new AxleError('AXLE_CONNECTION_LOST', 'The viewer left while it waited: nothing was started.')
    throw thrown
  }
}

/** Who is to be waited for: whoever runs, or else whoever asked before. */
function firstOf(ticket: Ticket, lock: string): WaitingFor | 'unknown' | undefined {
  const held: Holder | 'unknown' | undefined = lockHolder(lock)
  if (held === undefined) return ticket.before()[0]
  if (held === 'unknown') return held
  const { operation, what, since, actor } = held
  return { operation, what, since, actor }
}
