import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Background } from '../../src/engine/background/background.ts'
import { operate } from '../../src/engine/deploy/operate.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { LocalHost } from '../../src/engine/host/local-host.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { liveOf } from '../../src/engine/release/live.ts'
import { retire } from '../../src/engine/retire/retire.ts'
import { defineConfig, defineService, type Plugin, type ServiceInput } from '../../src/index.ts'
import type { EventBody } from '../../src/protocol/events.ts'
import type { Manifest } from '../../src/protocol/release.ts'
import type { ResolvedConfig } from '../../src/protocol/service.ts'
import { FakeGateway, FakeSupervisor, fakePlugins } from './roles.ts'

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Retire units of a test: kept until the test says that their time has come. */
class FakeBackground implements Background {
  readonly started: (readonly string[])[] = []
  readonly running = new Set<string>()

  async start(unit: string, _description: string, argv: readonly string[]): Promise<void> {
    this.started.push(argv)
    this.running.add(unit)
  }
  async active(unit: string): Promise<boolean> {
    return this.running.has(unit)
  }
  known(unit: string): Promise<boolean> {
    return this.active(unit)
  }
  async stop(unit: string): Promise<void> {
    this.running.delete(unit)
  }
}

/** Two for each bench: files of tests run side by side, and their slots are real servers. */
let lastPort = 21_000 + (process.pid % 125) * 64
function nextPort(): number {
  lastPort += 2
  return lastPort
}

/** Core's whole deploy over a folder of its own, with fakes in both roles. */
export class Bench implements AsyncDisposable {
  readonly supervisor = new FakeSupervisor()
  readonly background = new FakeBackground()
  readonly events: EventBody[] = []
  readonly port = nextPort()
  readonly gateway: FakeGateway
  readonly host: LocalHost
  readonly directory: string
  #count = 0

  private constructor(directory: string) {
    this.directory = directory
    this.host = new LocalHost({
      root: directory,
      uid: process.getuid?.() ?? 0,
      facts: {
        hostname: 'bench',
        os: { id: 'debian', version: '12', like: [] },
        arch: 'x64',
        addresses: [],
        services: [],
      },
    })
    this.gateway = new FakeGateway(this.host)
  }

  static async create(): Promise<Bench> {
    const directory = await mkdtemp(join(tmpdir(), 'axle-bench-'))
    for (const path of ['opt/axle/projects', 'var/lib', 'usr/local/bin', 'etc']) {
      await mkdir(join(directory, path), { recursive: true, mode: 0o755 })
    }
    const bench = new Bench(directory)
    await bench.gateway.listen()
    // Slot b's port would be the same for every bench, as it comes from the service's name.
    const ports = { v: 1, services: { api: { project: 'bench', ports: { a: bench.port, b: bench.port + 1 } } } }
    await mkdir(join(directory, 'var/lib/axle/host'), { recursive: true, mode: 0o755 })
    await writeFile(join(directory, 'var/lib/axle/host/ports.json'), JSON.stringify(ports))
    return bench
  }

  /** A config of one service, authored and resolved. */
  config(service: Partial<ServiceInput> = {}, plugins: readonly Plugin[] = []) {
    const all = [...fakePlugins(this.supervisor, this.gateway), ...plugins]
    const authored = defineConfig({
      project: 'bench',
      services: [defineService({ name: 'api', start: './server', ...service })],
      plugins: all,
    })
    const resolved: ResolvedConfig = {
      v: 1,
      axle: '0.0.0',
      project: 'bench',
      gateway: {},
      plugins: all.map(({ kind, options }) => ({ kind, options })),
      services: [
        {
          name: 'api',
          runtime: { kind: 'command', options: {} },
          start: ['./server'],
          port: this.port,
          route: '/api/',
          health: { path: '/health', within: 2_000, passes: 2, interval: 10 },
          overlap: service.overlap ?? true,
          after: [],
          env: {},
          drain: 0,
          keep: 2,
          extensions: {},
          hooks: Object.keys(service.hooks ?? {}),
        },
      ],
    }
    return { authored, resolved }
  }

  async engine(config = this.config()): Promise<Engine> {
    const self = {
      host: this.host,
      authored: config.authored,
      axle: '0.0.0',
      engineHash: 'test',
      enginePath: '/test',
      node: process.execPath,
    }
    const logger = (level: 'debug' | 'info' | 'warning' | 'error') => (message: string) => {
      this.events.push({ type: 'log', level, message, source: 'core' })
    }
    const log = { debug: logger('debug'), info: logger('info'), warning: logger('warning'), error: logger('error') }
    return openEngine(self, config.resolved, log, this.background)
  }

  async files(text: string): Promise<Manifest> {
    const bytes = Buffer.from(text)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { ContentStore } = await import('../../src/engine/store/content-store.ts')
    const store = new ContentStore(this.host)
    await store.receive(sha256, bytes.length, one(bytes))
    await store.settled()
    return [{ path: 'server', mode: '755', sha256, size: bytes.length }]
  }

  async deploy(text: string, config = this.config()) {
    const manifests = { api: await this.files(text) }
    return this.run({ kind: 'deploy', manifests }, config)
  }

  /** Of the release that is live. */
  async again(kind: 'restart' | 'stop' | 'start', config = this.config()) {
    return this.run({ kind }, config)
  }

  async rollback(release?: string) {
    return this.run({ kind: 'rollback', release }, this.config())
  }

  private async run(wish: Parameters<typeof operate>[1], config: ReturnType<Bench['config']>) {
    const engine = await this.engine(config)
    const context = {
      engine,
      operation: `op-${this.#count++}`,
      actor: { user: 'ann', host: 'laptop' },
      signal: new AbortController().signal,
      now: false,
      emit: (event: EventBody) => void this.events.push(event),
    }
    try {
      return await operate(context, wish, undefined)
    } finally {
      engine.state.close()
    }
  }

  async live() {
    const engine = await this.engine()
    try {
      return await liveOf(engine, 'api')
    } finally {
      engine.state.close()
    }
  }

  /** What the retire unit does, now. */
  async retired(): Promise<void> {
    const engine = await this.engine()
    for (const [, , service = '', slot] of this.background.started.splice(0))
      await retire(engine, service, slot === 'b' ? 'b' : 'a')
    this.background.running.clear()
    engine.state.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.supervisor.stopAll()
    await this.gateway.close()
    await rm(this.directory, { recursive: true, force: true })
  }
}
