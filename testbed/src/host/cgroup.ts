import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isMissingFile, TestbedError } from '../errors/testbed-error.ts'

/**
 * Each host gets a cgroup of its own. Without one, systemd-nspawn puts every host of this machine into the
 * same `payload`, and the systemd of one would signal and account the services of another.
 *
 * A machine may have the unified hierarchy at the top, or (hybrid) beside systemd's own of version 1.
 */
const hybrid = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified']
const roots = hybrid.filter((root) => existsSync(join(root, 'cgroup.procs')))
const hierarchies = roots.length > 0 ? roots : ['/sys/fs/cgroup']

const groupsOf = (name: string): string[] => hierarchies.map((root) => join(root, `axle-testbed-${name}`))

/** The files into which a process writes its id to join the host's groups. */
export async function makeGroups(name: string): Promise<string[]> {
  const groups = groupsOf(name)
  for (const group of groups) await mkdir(group, { recursive: true })
  return groups.map((group) => join(group, 'cgroup.procs'))
}

/** Every process of the host, systemd-nspawn included. */
export async function processesOf(name: string): Promise<number[]> {
  const pids = new Set<number>()
  for (const group of await allGroups(name)) {
    const text = await orIfGone(readFile(join(group, 'cgroup.procs'), 'utf8'), '')
    for (const line of text.split('\n')) if (line !== '') pids.add(Number(line))
  }
  return [...pids]
}

/** The power cut: nothing gets to say goodbye. */
export async function killAll(name: string): Promise<void> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const pids = await processesOf(name)
    if (pids.length === 0) return
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself since it was listed.
      }
    }
    if (performance.now() > deadline) {
      throw new TestbedError(`the host ${name} does not end`, {
        why: `these processes survive SIGKILL: ${pids.join(', ')} (usually waiting for a disk)`,
        fix: 'try again in a moment',
      })
    }
    await sleep(10)
  }
}

export async function removeGroups(name: string): Promise<void> {
  const groups = await allGroups(name)
  // Children first: a cgroup with children cannot be removed.
  for (const group of groups.reverse()) {
    // The kernel lets go of an ended process a moment later.
    for (let attempt = 0; attempt < 50; attempt += 1) {
      try {
        await rmdir(group)
        break
      } catch (error) {
        if (isMissingFile(error)) break
        await sleep(10)
      }
    }
  }
}

async function allGroups(name: string): Promise<string[]> {
  const found: string[] = []
  const walk = async (group: string): Promise<void> => {
    found.push(group)
    const entries = await orIfGone(readdir(group, { withFileTypes: true }), [])
    for (const entry of entries) if (entry.isDirectory()) await walk(join(group, entry.name))
  }
  for (const group of groupsOf(name)) if (existsSync(group)) await walk(group)
  return found
}

async function orIfGone<T>(reading: Promise<T>, instead: T): Promise<T> {
  try {
    return await reading
  } catch {
    return instead
  }
}
