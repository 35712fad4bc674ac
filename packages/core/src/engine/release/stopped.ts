import { service as at } from '../../protocol/layout.ts'
import { type StoppedMark, stoppedMark } from '../../protocol/wire.ts'
import type { Host, HostReader } from '../host/host.ts'

/**
 * A file, and no row of the state: whether a service is to run is a fact of the host, as the flag is. It stands in the
 * service's own folder and goes with it.
 */
export async function readStopped(host: Pick<HostReader, 'read'>, service: string): Promise<StoppedMark | undefined> {
  const text = await host.read(at.stopped(service))
  return text === undefined ? undefined : stoppedMark.parse(JSON.parse(text))
}

export async function markStopped(host: Host, service: string, mark: StoppedMark): Promise<void> {
  await host.write(at.stopped(service), `${JSON.stringify(mark)}\n`, { mode: '644' })
}

export async function clearStopped(host: Host, service: string): Promise<void> {
  await host.remove(at.stopped(service))
}

export function stoppedReason({ since, actor }: StoppedMark): string {
  return `stopped by ${actor.user}@${actor.host} at ${since}; start it with: axle start`
}
