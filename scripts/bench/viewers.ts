import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { encodeMessage } from '../../packages/core/src/protocol/frame.ts'
import { PROTOCOL } from '../../packages/core/src/protocol/wire.ts'
import { type BenchHost, bringUp, root, takeDown } from './bench-host.ts'
import { deployArgv, makeProject } from './project.ts'
import { megabytes, seconds, table } from './table.ts'
import { watch } from './watch.ts'

/**
 * One deploy alone, with 40 more viewers, and with one that reads nothing. A viewer is an ssh that asks the engine to
 * attach: 40 whole clients on the machine of the host would measure themselves. Needs root (a testbed host).
 */

const HOST = 'bench-viewers'
const PROJECT = 'viewers'
const { values: options } = parseArgs({
  options: {
    viewers: { type: 'string', default: '40' },
    runs: { type: 'string', default: '3' },
    // Lines that a hook logs once all are there: 20000 are more than the buffers of a connection hold.
    lines: { type: 'string', default: '20' },
    // Of a checkout that says another.
    protocol: { type: 'string', default: String(PROTOCOL) },
    packages: { type: 'string', default: join(root, 'packages') },
  },
})

/** The service takes this long to listen: time in which all the viewers come. */
const STARTS = 12_000
const CONFIG = `
import { defineConfig, defineService } from '@axle-ia/core'
import { recommended } from 'axle'
export default defineConfig({
  project: '${PROJECT}',
  services: [defineService({
    name: '${PROJECT}', start: 'node server.js', port: 8100, health: { path: '/', within: '60s' }, drain: '1s',
    hooks: { 'deploy:verify': ({ log }) => { for (let line = 0; line < ${Number(options.lines)}; line += 1) log.info('line ' + line + ' ' + 'x'.repeat(300)) } },
  })],
  plugins: [recommended()],
})
`
const server = (version: string) => `
import { createServer } from 'node:http'
const listen = () => createServer((request, response) => response.end('${version}')).listen(Number(process.env.PORT), process.env.HOST)
setTimeout(listen, ${STARTS})
`

const HELLO = encodeMessage({
  t: 'hello',
  protocol: Number(options.protocol),
  project: PROJECT,
  actor: { user: 'viewer', host: 'bench' },
  request: { verb: 'attach' },
})

interface Viewer {
  readonly child: ChildProcess
  readonly counted: { bytes: number; first: string }
}

function attach(host: BenchHost): Viewer {
  const words = [
    ...['-p', String(host.port), '-i', host.identity, '-o', 'StrictHostKeyChecking=no', '-o', 'BatchMode=yes'],
    ...['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', `${host.user}@${host.address}`],
    ...[`/opt/axle/projects/${PROJECT}/run`, 'serve'],
  ]
  const child = spawn('ssh', words, { stdio: ['pipe', 'pipe', 'inherit'] })
  const counted = { bytes: 0, first: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    if (counted.bytes === 0) counted.first = chunk.toString('latin1').slice(0, 400)
    counted.bytes += chunk.length
  })
  child.stdin.on('error', () => undefined)
  child.stdin.write(HELLO)
  return { child, counted }
}

/** What the engine's processes that serve viewers have used so far: CPU seconds and peak memory of each. */
function served(): readonly { readonly cpu: number; readonly peak: number }[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (!words.includes('serve') || !words.some((word) => word.startsWith(`/opt/axle/projects/${PROJECT}/engine-`)))
        return []
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      const [, peak] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
      return [{ cpu: (Number(stat[11]) + Number(stat[12])) / 100, peak: Number(peak) * 1024 }]
    } catch {
      return []
    }
  })
}

interface Event {
  readonly type: string
  readonly time: number
  readonly step: string
  readonly state: string
}

function eventsOf(stdout: string): readonly Event[] {
  return stdout.split('\n').flatMap((line) => {
    if (line === '' || line.includes('"type":"log"')) return []
    const event: unknown = JSON.parse(line)
    const field = (name: string) => (typeof event === 'object' && event !== null ? Reflect.get(event, name) : undefined)
    const { type, time, step, state } = {
      type: field('type'),
      time: field('time'),
      step: field('step'),
      state: field('state'),
    }
    return [{ type: String(type), time: Date.parse(String(time)), step: String(step), state: String(state) }]
  })
}

interface Measured {
  /** Milliseconds from the first event of the operation to its result. */
  readonly total: number
  /** From the moment that the service answered, with all viewers there, to the result. */
  readonly after: number
  readonly cpu: number
  readonly peak: number
  readonly attached: number
  readonly bytes: number
}

let version = 0

async function measure(folder: string, host: BenchHost, viewers: number, stopped: number): Promise<Measured> {
  version += 1
  await writeFile(join(folder, 'server.js'), server(String(version)))
  const came: Viewer[] = []
  let most: ReturnType<typeof served> = []
  const looks = setInterval(() => {
    const now = served()
    if (now.reduce((sum, { cpu }) => sum + cpu, 0) >= most.reduce((sum, { cpu }) => sum + cpu, 0)) most = now
  }, 200)
  const deploying = watch(deployArgv(resolve(options.packages), host), { cwd: folder })
  // Those of the step before, then a few at a time: sshd drops those that come all at once.
  await sleep(2_500)
  for (let index = 0; index < viewers; index += 1) {
    came.push(attach(host))
    await sleep(100)
  }
  await sleep(2_000)
  for (const { child } of came.slice(0, stopped)) child.kill('SIGSTOP')
  const ran = await deploying
  clearInterval(looks)
  await sleep(500)
  for (const { child } of came) child.kill('SIGKILL')
  // Whoever could not attach was told why, and that is not what is measured here.
  const refused = came.find(({ counted }) => counted.first.includes('"t":"error"'))
  if (refused !== undefined) throw new Error(`a viewer was refused: ${refused.counted.first}`)
  if (ran.exitCode !== 0) throw new Error(`the deploy failed: ${ran.stdout.slice(-2_000)}${ran.stderr}`)
  const events = eventsOf(ran.stdout)
  const at = (wanted: (event: Event) => boolean) => events.find(wanted)?.time ?? Number.NaN
  const end = at(({ type }) => type === 'result')
  return {
    total: end - at(({ type }) => type === 'operation'),
    after: end - at(({ step, state }) => step === 'verify' && state === 'started') - STARTS,
    cpu: most.reduce((sum, { cpu }) => sum + cpu, 0),
    peak: Math.max(0, ...most.map(({ peak }) => peak)),
    attached: came.filter(({ counted }) => counted.bytes > 0).length,
    bytes: came.reduce((sum, { counted }) => sum + counted.bytes, 0),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const host = bringUp(HOST)
const folder = await mkdtemp(join(tmpdir(), 'axle-viewers-'))
try {
  await makeProject(folder, resolve(options.packages), {
    'axle.config.ts': CONFIG,
    'package.json': `{ "name": "${PROJECT}", "type": "module" }\n`,
  })
  await measure(folder, host, 0, 0)
  const scenarios = [
    { name: 'alone', viewers: 0, stopped: 0 },
    { name: `${options.viewers} more viewers`, viewers: Number(options.viewers), stopped: 0 },
    { name: 'one more that reads nothing', viewers: 1, stopped: 1 },
  ]
  const results = scenarios.map((): Measured[] => [])
  // By turns: what else this machine does falls upon all alike.
  for (let run = 0; run < Number(options.runs); run += 1) {
    for (const [index, { viewers, stopped, name }] of scenarios.entries()) {
      const measured = await measure(folder, host, viewers, stopped)
      results[index]?.push(measured)
      process.stderr.write(`${name}: ${JSON.stringify(measured)}\n`)
    }
  }
  const rows = scenarios.map(({ name }, index) => {
    const of = (pick: (one: Measured) => number) => median((results[index] ?? []).map(pick))
    return [
      ...[name, seconds(of((one) => one.total)), seconds(of((one) => one.after)), String(of((one) => one.attached))],
      ...[megabytes(of((one) => one.bytes)), `${of((one) => one.cpu).toFixed(1)} s`, megabytes(of((one) => one.peak))],
    ]
  })
  const head = ['viewers', 'deploy', 'of it after the start', 'attached', 'they read', 'CPU of all', 'memory of one']
  process.stdout.write(`medians of ${options.runs}, ${options.lines} lines logged\n\n${table(head, rows)}\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
  takeDown(HOST)
}
