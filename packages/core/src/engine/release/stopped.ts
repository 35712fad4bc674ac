import { service as at } from '../../protocol/layout.ts'
import { type StoppedMark, stoppedMark } from '../../protocol/wire.ts'
import type { Host, HostReader, Logger } from '../host/host.ts'

/** The actor of a mark that cannot be read. */
const UNKNOWN = 'unknown'

/**
 * A file, and no row of the state: whether a service is to run is a fact of the host, as the flag is. It stands in the
 * service's own folder and goes with it.
 */
export async function readStopped(
  host: Pick<HostReader, 'read'>,
  service: string,
  log?: Logger,
): Promise<StoppedMark | undefined> {
  const text = await host.read(at.stopped(service))
  if (text === undefined) return undefined
  try {
    return stoppedMark.parse(JSON.parse(text))
  } catch {
    // That it is there is what counts; who put it there is for people to read.
    log?.warning(`${at.stopped(service)} cannot be read: ${service} counts as stopped, by somebody unknown.`)
    return { since: new Date(0).toISOString(), actor: { user: UNKNOWN, host: UNKNOWN } }
  }
}

export async function markStopped(host: Host, service: string, mark: StoppedMark): Promise<void> {
  await host.write(at.stopped(service), `${JSON.stringify(mark)}\n`, { mode: '644' })
}

export async function clearStopped(host: Host, service: string): Promise<void> {
  await host.remove(at.stopped(service))
}

export function stoppedReason({ since, actor }: StoppedMark): string {
  if (actor.user === UNKNOWN && actor.host === UNKNOWN) return 'stopped by somebody unknown; start it with: axle start'
  return `stopped by ${actor.user}@${actor.host} at ${since}; start it with: axle start`
}
