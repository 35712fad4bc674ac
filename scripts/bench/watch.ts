import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Watched {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
  /** Peak of the process's resident memory, in bytes. */
  readonly peak: number
  /** The same of the engine's processes on a testbed host, by what they do: serve, run, retire. */
  readonly engine: ReadonlyMap<string, number>
}

const EVERY = 20

/** The most that a process has had in memory, by its own kernel's count: nothing between two looks is missed. */
function highWater(pid: number | string): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Engines of one project, on any testbed host of this machine: their processes are this kernel's. */
function engines(project: string): readonly { readonly pid: string; readonly role: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      const at = words.findIndex((word) => word.startsWith(`/opt/axle/projects/${project}/engine-`))
      return at < 0 ? [] : [{ pid, role: words[at + 1] ?? '' }]
    } catch {
      return []
    }
  })
}

/** Runs a program, and looks at its memory and at the engine's while it runs. */
export async function watch(
  argv: readonly [string, ...string[]],
  options: { readonly cwd?: string; readonly project?: string } = {},
): Promise<Watched> {
  const since = performance.now()
  const [command, ...args] = argv
  const child = spawn(command, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  let peak = 0
  const engine = new Map<string, number>()
  const timer = setInterval(() => {
    peak = Math.max(peak, highWater(child.pid ?? 0))
    if (options.project === undefined) return
    for (const { pid, role } of engines(options.project)) {
      engine.set(role, Math.max(engine.get(role) ?? 0, highWater(pid)))
    }
  }, EVERY)
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => resolve(code ?? -1))
    })
    const ms = performance.now() - since
    return {
      exitCode,
      stdout: Buffer.concat(out).toString('utf8'),
      stderr: Buffer.concat(err).toString('utf8'),
      ms,
      peak,
      engine,
    }
  } finally {
    clearInterval(timer)
  }
}
