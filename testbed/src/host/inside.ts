import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { TestbedError } from '../errors/testbed-error.ts'
import { isAlive } from '../machine/owner.ts'
import { bundleEnvironment } from '../machine/trust.ts'
import { processesOf } from './cgroup.ts'
import type { HostRecord } from './record.ts'

export interface ExecOptions {
  readonly input?: string | Uint8Array
  /** Milliseconds after which the command is killed and the promise rejected. */
  readonly timeout?: number
}

export interface ExecResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export const isUp = (record: HostRecord): boolean => record.supervisor !== null && isAlive(record.supervisor)

/** Runs a command as root inside the host, not over the network: it works when sshd or the firewall do not. */
export async function execInside(
  record: HostRecord,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const result = await execa('nsenter', await enter(record, argv), {
    input: options.input ?? '',
    reject: false,
    stripFinalNewline: false,
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  })
  if (result.exitCode === undefined) {
    throw new TestbedError(`${argv.join(' ')} on ${record.name} did not end by itself`, {
      why: result.shortMessage ?? 'it was killed',
      fix: 'give it more time, or see what it waits for',
    })
  }
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode }
}

/** The same with the caller's terminal. Returns the exit code. */
export async function execAttached(record: HostRecord, argv: readonly string[]): Promise<number> {
  const term = process.env.TERM
  const withTerm = term === undefined ? argv : ['env', `TERM=${term}`, ...argv]
  const result = await execa('nsenter', await enter(record, withTerm), { reject: false, stdio: 'inherit' })
  return result.exitCode ?? 1
}

async function enter(record: HostRecord, argv: readonly string[]): Promise<string[]> {
  const environment = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    USER: 'root',
    LANG: 'C.UTF-8',
    ...bundleEnvironment,
  }
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  // nsenter hands over the caller's whole environment, tokens and all: env -i keeps it out.
  return ['--target', String(await initOf(record)), '--all', '--', 'env', '-i', ...assignments, ...argv]
}

/** The host's PID 1, by its number on this machine. Looked for each time: a reboot from inside changes it. */
async function initOf(record: HostRecord): Promise<number> {
  if (isUp(record)) {
    for (const pid of await processesOf(record.name)) if (isInit(pid)) return pid
  }
  throw new TestbedError(`the host ${record.name} is down`, {
    why: 'it has no running systemd',
    fix: `npm run testbed -- boot ${record.name}`,
  })
}

function isInit(pid: number): boolean {
  try {
    // NSpid lists the number in each namespace, from the machine's inwards.
    const numbers = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]?.split(/\s+/)
    return numbers !== undefined && numbers.length === 2 && numbers[1] === '1'
  } catch {
    return false
  }
}
