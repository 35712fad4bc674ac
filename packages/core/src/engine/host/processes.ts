import type { HostReader } from './host.ts'

/** The processes of a unit: those in the same control groups as its main one. */
export async function processesWith(host: HostReader, pid: number): Promise<readonly number[]> {
  const group = await quietly(host.read(`/proc/${pid}/cgroup`))
  if (group === undefined) return []
  const pids = (await host.list('/proc')).filter((name) => /^\d+$/.test(name))
  const groups = await Promise.all(pids.map((name) => quietly(host.read(`/proc/${name}/cgroup`))))
  return pids.filter((_, index) => groups[index] === group).map(Number)
}

/** Bytes that these processes take, what they share counted once: by their control group, or else by process. */
export async function memoryOf(host: HostReader, pids: readonly number[]): Promise<number | undefined> {
  const [first] = pids
  if (first === undefined) return undefined
  const group = /^0::(\/.*)$/m.exec((await quietly(host.read(`/proc/${first}/cgroup`))) ?? '')?.[1]
  const folder = `/sys/fs/cgroup${group ?? ''}`
  const [current, stat] = await Promise.all(
    ['memory.current', 'memory.stat'].map((name) => quietly(host.read(`${folder}/${name}`))),
  )
  const used = current === undefined || stat === undefined ? undefined : usedIn(current, stat)
  if (used !== undefined) return used
  // No memory controller here, as in containers.
  const rolled = await Promise.all(pids.map((pid) => quietly(host.read(`/proc/${pid}/smaps_rollup`))))
  return rolled.reduce((sum, text) => sum + Number(/^Pss:\s+(\d+) kB$/m.exec(text ?? '')?.[1] ?? 0) * 1024, 0)
}

/** A group's memory without the file cache, which the kernel takes back when somebody needs it. */
function usedIn(current: string, stat: string): number | undefined {
  const cache = ['inactive_file', 'active_file'].reduce(
    (sum, name) => sum + Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0),
    0,
  )
  const all = Number(current.trim())
  return Number.isSafeInteger(all) && all > 0 ? Math.max(0, all - cache) : undefined
}

/** A process may end between two looks. */
async function quietly(reading: Promise<string | undefined>): Promise<string | undefined> {
  return reading.catch(() => undefined)
}
