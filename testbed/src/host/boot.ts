import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TestbedError } from '../errors/testbed-error.ts'
import { identify, isAlive, type ProcessId } from '../machine/owner.ts'
import { bridge, ensureNetwork, removePort } from '../network/bridge.ts'
import { placesOf } from '../places.ts'
import { makeGroups } from './cgroup.ts'
import { mountDisk } from './disk.ts'
import { execInside } from './inside.ts'
import { type HostRecord, writeRecord } from './record.ts'

const deadline = 60_000

/** Boots a host that is down. Resolves when systemd has finished starting and sshd answers. */
export async function bootHost(record: HostRecord): Promise<HostRecord> {
  await ensureNetwork()
  await mountDisk(record)
  await writeNameServers(record.name)
  await removePort(machineName(record))
  const booted = { ...record, supervisor: await startSupervisor(record) }
  await writeRecord(booted)
  // First from inside: a packet sent before the host has its address costs a second (ARP retries). And until
  // systemd has finished starting, pam_nologin keeps everyone but root out.
  await waitUntil(booted, 'systemd has not finished starting', () => hasStarted(booted))
  await waitUntil(booted, 'no sshd answers', () => answersSsh(booted.address))
  return booted
}

/** Short: the names of both ends of the cable are made from it, and the kernel allows 15 characters. */
const machineName = (record: HostRecord): string => `axt${record.index}`

/**
 * Joins the host's groups, then runs systemd-nspawn, again as long as it ends with 133: that is how it says,
 * under --keep-unit, that the host has asked for a reboot. No value is ever part of the script.
 */
const joinAndRun =
  'while [ "$1" != -- ]; do echo $$ > "$1"; shift; done; shift; while systemd-nspawn "$@"; [ $? -eq 133 ]; do :; done'

async function startSupervisor(record: HostRecord): Promise<ProcessId> {
  const { root, console: consoleFile } = placesOf(record.name)
  const groups = await makeGroups(record.name)
  const output = await open(consoleFile, 'w')
  // Node's own spawn: the host outlives us, and execa would keep a promise about its end.
  const child = spawn('sh', ['-c', joinAndRun, 'sh', ...groups, '--', ...nspawnArguments(record, root)], {
    detached: true,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', output.fd, output.fd],
  })
  child.unref()
  await output.close()
  const supervisor = child.pid === undefined ? undefined : identify(child.pid)
  if (supervisor === undefined) throw await bootFailure(record, 'systemd-nspawn did not start')
  return supervisor
}

const nspawnArguments = (record: HostRecord, root: string): string[] => [
  '--quiet',
  '--boot',
  `--directory=${root}`,
  `--machine=${machineName(record)}`,
  `--hostname=${record.name}`,
  `--network-bridge=${bridge}`,
  // This machine may run no systemd with which to register, and none that would make a unit.
  '--keep-unit',
  '--register=no',
  '--console=pipe',
  '--resolv-conf=off',
  '--timezone=off',
  '--link-journal=no',
]

/** The machine's name servers; where it runs systemd-resolved, those behind its local stub. */
async function writeNameServers(name: string): Promise<void> {
  const resolved = '/run/systemd/resolve/resolv.conf'
  const text = await readFile(existsSync(resolved) ? resolved : '/etc/resolv.conf', 'utf8')
  const file = join(placesOf(name).root, 'etc/resolv.conf')
  // Removed first: followed from outside, a link made in the host would point into this machine.
  await rm(file, { force: true })
  await writeFile(file, text, { flag: 'wx' })
}

async function waitUntil(record: HostRecord, otherwise: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + deadline
  while (!(await isSo())) {
    if (record.supervisor === null || !isAlive(record.supervisor))
      throw await bootFailure(record, 'systemd-nspawn ended')
    if (performance.now() > end) throw await bootFailure(record, `${otherwise}, after ${deadline / 1000} s`)
    await sleep(25)
  }
}

/** "degraded" counts: a unit that fails, as a crashing service does, is the test's business and not ours. */
async function hasStarted(record: HostRecord): Promise<boolean> {
  try {
    const { stdout } = await execInside(record, ['systemctl', 'is-system-running', '--wait'], { timeout: deadline })
    return ['running', 'degraded'].includes(stdout.trim())
  } catch (error) {
    // The first moments: there is no PID 1 to enter yet.
    if (error instanceof TestbedError) return false
    throw error
  }
}

function answersSsh(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1000 })
    const answer = (value: boolean): void => {
      socket.destroy()
      resolve(value)
    }
    socket.once('data', (data) => answer(data.toString('latin1').startsWith('SSH-2.0')))
    socket.once('timeout', () => answer(false))
    socket.once('error', () => answer(false))
    socket.once('close', () => answer(false))
  })
}

async function bootFailure(record: HostRecord, why: string): Promise<TestbedError> {
  const { console: file } = placesOf(record.name)
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-10)
  return new TestbedError(`the host ${record.name} did not boot`, {
    why: [why, ...lines].join('\n       '),
    fix: `see ${file}; npm run testbed -- down ${record.name} removes the host`,
  })
}
