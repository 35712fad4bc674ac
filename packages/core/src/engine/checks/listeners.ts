import type { HostReader } from '../host/host.ts'

export interface PortHolder {
  readonly pid: number | undefined
  readonly program: string | undefined
}

/** A TCP socket that somebody listens on. */
export interface Listener {
  readonly address: string
  readonly port: number
  readonly inode: string
}

/** TCP_LISTEN in the kernel's tables (proc(5), include/net/tcp_states.h). */
const LISTEN = '0A'

/** Sockets of /proc/net/tcp or tcp6 that listen. */
export function listenersIn(table: string): readonly Listener[] {
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/)
    const [, local = '', , state] = columns
    const [address = '', port = ''] = local.split(':')
    const inode = columns[9]
    if (state !== LISTEN || inode === undefined) return []
    return [{ address: addressOf(address), port: Number.parseInt(port, 16), inode }]
  })
}

/** The kernel prints an address as words of 32 bits in the machine's own order: little-endian on all that Axle runs on. */
function addressOf(hex: string): string {
  const bytes = Array.from(hex.matchAll(/.{8}/g), ([word]) => Buffer.from(word, 'hex').reverse())
  const all = Buffer.concat(bytes)
  if (all.length === 4) return all.join('.')
  const groups = Array.from({ length: all.length / 2 }, (_, index) => all.readUInt16BE(index * 2).toString(16))
  // As people write it: the first longest row of zeros is "::".
  const [longest] = [...`:${groups.join(':')}:`.matchAll(/(?::0)+(?=:)/g)]
    .map(([row]) => row)
    .sort((a, b) => b.length - a.length)
  const text = groups.join(':')
  if (longest === undefined || longest.length < 4) return text
  const [before = '', ...after] = `:${text}:`.split(`${longest}:`)
  return `${before.replace(/^:/, '')}::${after.join(`${longest}:`).replace(/:$/, '')}`
}

async function listeners(host: HostReader): Promise<readonly Listener[]> {
  const tables = await Promise.all([host.read('/proc/net/tcp'), host.read('/proc/net/tcp6')])
  return tables.flatMap((table) => listenersIn(table ?? ''))
}

/** Sockets that a process has open, as its descriptors name them. It may end between two looks: then there are none. */
async function socketsOf(host: HostReader, pid: number | string): Promise<readonly string[]> {
  const descriptors = await host.list(`/proc/${pid}/fd`).catch(() => [])
  const seen = await Promise.all(
    descriptors.map((descriptor) => host.stat(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined)),
  )
  return seen.flatMap((one) => one?.target ?? [])
}

/** What these processes listen on. */
export async function listenersOf(host: HostReader, pids: readonly number[]): Promise<readonly Listener[]> {
  const sockets = new Set((await Promise.all(pids.map((pid) => socketsOf(host, pid)))).flat())
  return (await listeners(host)).filter(({ inode }) => sockets.has(`socket:[${inode}]`))
}

/** Who listens on a TCP port, from the kernel's own tables: no process is started, so it costs next to nothing. */
export async function listenerOn(host: HostReader, port: number): Promise<PortHolder | undefined> {
  const wanted = (await listeners(host)).filter((one) => one.port === port)
  if (wanted.length === 0) return undefined
  const sockets = new Set(wanted.map(({ inode }) => `socket:[${inode}]`))
  for (const name of await host.list('/proc')) {
    if (!/^\d+$/.test(name)) continue
    if ((await socketsOf(host, name)).some((socket) => sockets.has(socket))) {
      return { pid: Number(name), program: (await host.read(`/proc/${name}/comm`))?.trim() }
    }
  }
  return { pid: undefined, program: undefined }
}
