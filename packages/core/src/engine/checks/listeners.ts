import type { HostReader } from '../host/host.ts'

export interface PortHolder {
  readonly pid: number | undefined
  readonly program: string | undefined
}

/** TCP_LISTEN in the kernel's tables (proc(5), include/net/tcp_states.h). */
const LISTEN = '0A'

function inodesOf(table: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/)
    const [, local, , state] = columns
    const inode = columns[9]
    return state === LISTEN && local?.split(':')[1] === wanted && inode !== undefined ? [inode] : []
  })
}

/** Who listens on a TCP port, from the kernel's own tables: no process is started, so it costs next to nothing. */
export async function listenerOn(host: HostReader, port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all([host.read('/proc/net/tcp'), host.read('/proc/net/tcp6')])
  const inodes = new Set(tables.flatMap((table) => inodesOf(table ?? '', port)))
  if (inodes.size === 0) return undefined
  const sockets = new Set([...inodes].map((inode) => `socket:[${inode}]`))
  for (const name of await host.list('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // A process may end between the two looks: then its folder is simply gone.
    const descriptors = await host.list(`/proc/${name}/fd`).catch(() => [])
    for (const descriptor of descriptors) {
      const seen = await host.stat(`/proc/${name}/fd/${descriptor}`).catch(() => undefined)
      if (seen?.target !== undefined && sockets.has(seen.target)) {
        return { pid: Number(name), program: (await host.read(`/proc/${name}/comm`))?.trim() }
      }
    }
  }
  return { pid: undefined, program: undefined }
}
