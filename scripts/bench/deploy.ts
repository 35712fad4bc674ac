import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLoad } from '../../packages/axle/test/e2e/load.ts'
import { bringUp, root, takeDown } from './bench-host.ts'
import { type Counts, openProxy } from './proxy.ts'
import { seconds, table } from './table.ts'

/**
 * What a one-file change of a 2 MB app takes over a link of 50 ms, under load: from the command to `live`, to its end,
 * and what is lost. Medians; the same for a deploy of nothing, a warm rollback, and `axle status`.
 */

const NAME = 'bench-deploy'
const FILES = 203
const FILE_BYTES = 10_000
const SERVER = `
import { createServer } from 'node:http'
createServer((request, response) => { request.resume(); response.end('ok') }).listen(Number(process.env.PORT), process.env.HOST)
`
const CONFIG = `
import { defineConfig, defineService } from '@axle-ia/core'
import { recommended } from 'axle'
const api = defineService({ name: 'api', start: 'node server.js', port: 8100, route: '/api/', health: { path: '/health' }, drain: '2s' })
export default defineConfig({ project: 'bench', services: [api], plugins: [recommended()] })
`

interface Line {
  readonly type: string
  readonly step?: string
  readonly state?: string
  readonly ms?: number
  readonly outcome?: string
}

/** One run of `axle`, with the moments (milliseconds since it was started) at which the viewer was told of things. */
interface Run {
  readonly total: number
  readonly accepted: number | undefined
  readonly live: number | undefined
  readonly steps: ReadonlyMap<string, number>
  readonly outcome: string | undefined
  readonly link: Counts
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '9' }, delay: { type: 'string', default: '25' } },
})
const runs = Number(values.runs)
const delay = Number(values.delay)
if (!Number.isInteger(runs) || runs < 1 || !Number.isFinite(delay) || delay < 0) {
  process.stderr.write('bench:deploy: --runs N and --delay MILLISECONDS (each way) are numbers.\n')
  process.exit(2)
}

const host = bringUp(NAME)
const app = mkdtempSync(join(tmpdir(), 'axle-bench-'))
try {
  makeApp()
  await using link = await openProxy({ host: host.address, port: host.port, delay })
  const axle = (...words: readonly string[]): Promise<Run> => runAxle(words, link)
  const first = await axle('deploy')
  if (first.outcome !== 'done') throw new Error(`the first deploy ended with ${first.outcome}`)
  await axle('deploy')

  const load = startLoad(host.address, '/api/work', 4, 20)
  const changes = await repeated(async (index) => {
    writeFileSync(join(app, 'data/file-7.txt'), `${index} ${randomBytes(FILE_BYTES / 2).toString('hex')}`)
    return axle('deploy')
  })
  const nothing = await repeated(() => axle('deploy'))
  const warm = await repeated(() => axle('rollback'), 0)
  const status = await repeated(() => axle('status'))
  const { sent, failed } = await load.stop(1000)

  const of = (pick: (run: Run) => number | undefined, among = changes) =>
    median(among.map((run) => pick(run) ?? Number.NaN))
  const step = (name: string) => of((run) => run.steps.get(name))
  const say = (text: string): void => void process.stdout.write(`${text}\n`)
  say(`\nOne file of ${FILES + 3} changed (2 MB), ${2 * delay} ms there and back, ${runs} runs, medians:\n`)
  say(
    table(
      [
        'connect',
        'facts',
        'stage',
        'start',
        'verify',
        'switch',
        'live',
        'total',
        'upload',
        'round trips',
        'connections',
        'lost',
      ],
      [
        [
          seconds(of((run) => run.accepted)),
          seconds(step('plan') + step('preflight') + step('free')),
          seconds(step('stage')),
          seconds(step('start')),
          seconds(step('verify')),
          seconds(step('switch')),
          seconds(of((run) => run.live)),
          seconds(of((run) => run.total)),
          `${Math.round(of((run) => run.link.sent) / 1000)} kB`,
          String(of((run) => run.link.roundTrips)),
          String(Math.max(...changes.map((run) => run.link.connections))),
          `${failed.length} of ${sent}`,
        ],
      ],
    ),
  )
  say('')
  say(
    table(
      ['', 'live', 'total', 'round trips'],
      [
        [
          'nothing changed',
          '–',
          seconds(of((run) => run.total, nothing)),
          String(of((run) => run.link.roundTrips, nothing)),
        ],
        [
          'rollback, old slot still warm',
          seconds(of((run) => run.live, warm)),
          seconds(of((run) => run.total, warm)),
          String(of((run) => run.link.roundTrips, warm)),
        ],
        ['axle status', '–', seconds(of((run) => run.total, status)), String(of((run) => run.link.roundTrips, status))],
      ],
    ),
  )
  for (const wrong of new Set(failed)) say(`lost: ${wrong}`)
  process.exitCode = failed.length === 0 ? 0 : 1
} finally {
  rmSync(app, { recursive: true, force: true })
  takeDown(NAME)
}

function makeApp(): void {
  mkdirSync(join(app, 'data'))
  for (let index = 0; index < FILES; index++)
    writeFileSync(join(app, `data/file-${index}.txt`), randomBytes(FILE_BYTES / 2).toString('hex'))
  writeFileSync(join(app, 'package.json'), '{ "name": "bench", "type": "module" }\n')
  writeFileSync(join(app, 'server.js'), SERVER)
  writeFileSync(join(app, 'axle.config.ts'), CONFIG)
  mkdirSync(join(app, 'node_modules/@axle-ia'), { recursive: true })
  symlinkSync(join(root, 'packages/axle'), join(app, 'node_modules/axle'))
  for (const name of ['core', 'plugin-systemd', 'plugin-nginx'])
    symlinkSync(join(root, 'packages', name), join(app, 'node_modules/@axle-ia', name))
}

/** Waits a moment before each: what the last one left to its retire unit is not this one's. */
async function repeated(run: (index: number) => Promise<Run>, pause = 3_000): Promise<readonly Run[]> {
  const all: Run[] = []
  for (let index = 0; index < runs; index++) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    all.push(await run(index))
  }
  return all
}

function runAxle(words: readonly string[], link: { readonly port: number; take(): Counts }): Promise<Run> {
  link.take()
  const since = performance.now()
  const now = () => performance.now() - since
  const way = ['--host', `${host.user}@127.0.0.1:${link.port}`, '--identity', host.identity, '--host-key', host.hostKey]
  const child = spawn(process.execPath, [join(root, 'packages/axle/dist/bin.js'), ...words, '--json', ...way], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const steps = new Map<string, number>()
  let accepted: number | undefined
  let live: number | undefined
  let outcome: string | undefined
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const line: Line = JSON.parse(text)
      accepted ??= now()
      if (line.type === 'live') live = now()
      if (line.type === 'step' && line.step !== undefined && line.ms !== undefined) steps.set(line.step, line.ms)
      outcome = line.outcome ?? outcome
    }
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`axle ${words.join(' ')}: exit code ${code}`))
      else resolve({ total: now(), accepted, live, steps, outcome, link: link.take() })
    })
  })
}

function median(all: readonly number[]): number {
  const sorted = all.filter((one) => !Number.isNaN(one)).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
