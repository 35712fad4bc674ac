import type { HostReader } from '../host/host.ts'

/** The number of the service's group, or `undefined` where it has none (a supervisor without users of its own). */
export async function groupId(host: HostReader, name: string): Promise<number | undefined> {
  const { stdout } = await host.query(['getent', 'group', name], { accept: [0, 2] })
  const id = stdout.split(':')[2]
  return id === undefined ? undefined : Number(id)
}
