import type { Logger } from '../engine/host/host.ts'
import { AxleError } from '../protocol/errors.ts'
import { type HookData, type HookName, lifecycle, type Row } from './table.ts'

/** Somebody who listens to a hook: a plugin, or the service itself. */
export interface Listener<E> {
  /** Who it is, for errors and logs: `nginx`, or `service clickup-agent`. */
  readonly owner: string
  readonly order: 'pre' | 'post' | undefined
  /** Milliseconds, in place of the row's. */
  readonly within: number | undefined
  readonly root: boolean
  run(event: E): void | Promise<void>
}

const SLOW = 3_000
const RANK = { pre: 0, post: 2 } as const

/**
 * Runs one row of the lifecycle table: order, deadlines, stamps on errors, and what a failure means are the same for all
 * hooks, so that no hook is a special case anywhere.
 */
export async function runHook<K extends HookName, E extends HookData<K>>(
  name: K,
  listeners: readonly Listener<E>[],
  event: (listener: Listener<E>, signal: AbortSignal) => E,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const row: Row<unknown> = lifecycle[name]
  const rank = ({ order }: Listener<E>) => (order === undefined ? 1 : RANK[order])
  const ordered = [...listeners].sort((a, b) => rank(a) - rank(b))
  const runOne = async (listener: Listener<E>) => {
    try {
      await withDeadline(name, listener, listener.within ?? row.within, event, log, signal)
    } catch (thrown) {
      const error = AxleError.wrap(thrown, 'AXLE_HOOK').stamped({ plugin: listener.owner, hook: name })
      if (row.failure !== 'warn') throw error
      log.warning(`${listener.owner} ${name}: ${error.message}`)
    }
  }
  if (row.run === 'series') {
    for (const listener of ordered) await runOne(listener)
    return
  }
  // Parallel within a rank: 'pre' is done before the rest begins.
  for (const step of [0, 1, 2]) {
    const results = await Promise.allSettled(ordered.filter((one) => rank(one) === step).map(runOne))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}

async function withDeadline<E>(
  name: string,
  listener: Listener<E>,
  within: number,
  event: (listener: Listener<E>, signal: AbortSignal) => E,
  log: Logger,
  outer: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(within)
  const signal = AbortSignal.any([deadline, outer])
  const slow = setTimeout(() => log.info(`waiting for ${listener.owner}, hook ${name}`), SLOW)
  const aborted = Promise.withResolvers<never>()
  const onAbort = () =>
    aborted.reject(
      deadline.aborted
        ? new AxleError('AXLE_TIMEOUT', `${listener.owner} took longer than ${within} ms in ${name}.`)
        : new AxleError('AXLE_HOOK', `${name} of ${listener.owner} was stopped with the operation.`),
    )
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([(async () => listener.run(event(listener, signal)))(), aborted.promise])
  } finally {
    clearTimeout(slow)
    signal.removeEventListener('abort', onAbort)
  }
}
