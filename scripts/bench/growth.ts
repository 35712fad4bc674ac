import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchHost, bringUp, onHost, root, takeDown } from './bench-host.ts'
import { deployArgv, makeProject } from './project.ts'
import { type Link, openProxy } from './proxy.ts'
import { megabytes, seconds, table } from './table.ts'
import { type Watched, watch } from './watch.ts'

/**
 * How a deploy grows with its files, and with their bytes, against rsync over the same link. Needs root (a testbed host)
 * and rsync. `npm run bench:growth -- --delay 25 --only files-20000`
 */

const HOST = 'bench-growth'
const { values: options } = parseArgs({
  options: { delay: { type: 'string', default: '25' }, only: { type: 'string', multiple: true } },
})

interface Case {
  readonly name: string
  readonly files: number
  /** Of each file. */
  readonly size: number
}

const PACKAGES = join(root, 'packages')
let port = 8100

const MB = 1_000_000
const CASES: readonly Case[] = [
  { name: 'files-10', files: 10, size: 1_000 },
  { name: 'files-1000', files: 1_000, size: 1_000 },
  { name: 'files-20000', files: 20_000, size: 1_000 },
  { name: 'mb-1', files: 10, size: MB / 10 },
  { name: 'mb-100', files: 10, size: 10 * MB },
  { name: 'mb-1000', files: 10, size: 100 * MB },
]

const SERVER = `
import { createServer } from 'node:http'
createServer((request, response) => response.end('ok')).listen(Number(process.env.PORT), process.env.HOST)
`

async function makeTree(folder: string, { name, files, size }: Case): Promise<void> {
  port += 1
  const config = `
import { defineConfig, defineService } from '@axle-ia/core'
import { recommended } from 'axle'
export default defineConfig({
  project: '${name}',
  services: [defineService({ name: '${name}', start: 'node server.js', port: ${port}, health: { path: '/', within: '20s' }, drain: '1s' })],
  plugins: [recommended()],
})
`
  await makeProject(folder, PACKAGES, {
    'axle.config.ts': config,
    'package.json': `{ "name": "${name}", "type": "module" }\n`,
    'server.js': SERVER,
  })
  for (let index = 0; index < files; index += 1) {
    const path = join(folder, 'data', String(index % 200), `file-${index}`)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, randomBytes(size))
  }
}

const head = ['tree', 'what', 'time', 'to the host', 'from it', 'round trips', 'client', 'engine (serve, run)', 'stage']
const rows: string[][] = []

function stageOf(stdout: string): string {
  for (const line of stdout.split('\n')) {
    if (!line.includes('"step":"stage"') || !line.includes('"state":"done"')) continue
    const event: unknown = JSON.parse(line)
    const ms = typeof event === 'object' && event !== null ? Reflect.get(event, 'ms') : undefined
    if (typeof ms === 'number') return seconds(ms)
  }
  return ''
}

function note(tree: string, what: string, proxy: Link, ran: Watched): void {
  if (ran.exitCode !== 0) throw new Error(`${what}: exit code ${ran.exitCode}\n${ran.stdout}${ran.stderr}`)
  const { sent, received, roundTrips } = proxy.take()
  const engine = ['serve', 'run'].map((role) => ran.engine.get(role)).map((peak) => (peak ? megabytes(peak) : '-'))
  const row = [
    ...[tree, what, seconds(ran.ms), megabytes(sent), megabytes(received), String(roundTrips), megabytes(ran.peak)],
    ran.engine.size === 0 ? '' : engine.join(', '),
    stageOf(ran.stdout),
  ]
  rows.push(row)
  process.stderr.write(`${row.join(' | ')}\n`)
}

async function measure(one: Case, host: BenchHost, proxy: Link, folder: string): Promise<void> {
  const { name } = one
  await makeTree(folder, one)
  const argv = deployArgv(PACKAGES, host, { ...host, address: '127.0.0.1', port: proxy.port })
  const ssh = [
    ...['ssh', '-p', String(proxy.port), '-i', host.identity, '-o', 'StrictHostKeyChecking=no'],
    ...['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o', 'BatchMode=yes'],
  ].join(' ')
  const target = `${host.user}@127.0.0.1:/root/rsync/${name}/`
  const rsync = ['rsync', '-a', '--mkpath', '--exclude=node_modules', '-e', ssh, `${folder}/`, target] as const
  const both = async (what: string) => {
    note(name, `axle, ${what}`, proxy, await watch(argv, { cwd: folder, project: name }))
    note(name, `rsync, ${what}`, proxy, await watch(rsync))
  }
  proxy.take()
  await both('first')
  await writeFile(join(folder, 'data/0/file-0'), randomBytes(one.size))
  await both('one file changed')
  if (name !== 'warm') await both('nothing changed')
}

const host = bringUp(HOST)
try {
  onHost(HOST, [
    'sh',
    '-c',
    'command -v rsync >/dev/null || { apt-get -q update && apt-get -qqy install rsync; } >/dev/null 2>&1',
  ])
  const proxy = await openProxy({ host: host.address, port: host.port, delay: Number(options.delay) })
  // Node and the host's own things are brought by a deploy that does not count.
  for (const one of [{ name: 'warm', files: 1, size: 10 }, ...CASES]) {
    if (one.name !== 'warm' && options.only !== undefined && !options.only.includes(one.name)) continue
    const folder = await mkdtemp(join(tmpdir(), 'axle-growth-'))
    try {
      await measure(one, host, proxy, folder)
      if (one.name === 'warm') rows.length = 0
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  await proxy[Symbol.asyncDispose]()
  process.stdout.write(`${options.delay} ms each way\n\n${table(head, rows)}\n`)
} finally {
  takeDown(HOST)
}
