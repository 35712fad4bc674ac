import type { HostReader } from '../host/host.ts'

/** The number of the service's group, or `undefined` where it has none (a supervisor without users of its own). */
export async function groupId(host: HostReader, name: string): Promise<number | undefined> {
  // A group of Axle's making is a local one.
  const groups = (await host.read('/etc/group')) ?? ''
  const id = groups
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':')[2]
  return id === undefined ? undefined : Number(id)
}
