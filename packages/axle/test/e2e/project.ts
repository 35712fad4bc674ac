import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileHost } from '@axle-ia/testbed/vitest'
import { execa } from 'execa'

const packages = fileURLToPath(new URL('../../../', import.meta.url))
export const BIN = join(packages, 'axle/dist/bin.js')

export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Both streams, as a person would see them. */
  readonly screen: string
}

/** A server of few lines: says its version, its release and what it was asked; its health can be told to fail. */
export function serverText(version: string, health = 200): string {
  return `
import { createServer } from 'node:http'
console.log('version ${version} starts')
createServer((request, response) => {
  let length = 0
  request.on('data', (chunk) => { length += chunk.length })
  request.on('end', () => {
    if (request.url === '/health') { response.writeHead(${health}).end(); return }
    if (request.url === '/slow') { setTimeout(() => response.end('slow'), 1500); return }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ version: '${version}', url: request.url, length, release: process.env.AXLE_RELEASE, secret: process.env.CANARY !== undefined }))
  })
}).listen(Number(process.env.PORT), process.env.HOST)
`
}

export const WORKER = `
console.log('worker ' + process.env.AXLE_RELEASE + ' works')
setInterval(() => {}, 1000)
process.on('SIGTERM', () => process.exit(0))
`

/** A project on disk, as a user has it, deployed with the built \`axle\` as its own process. */
export class Project implements AsyncDisposable {
  readonly directory: string
  readonly #host: FileHost | undefined

  private constructor(directory: string, host: FileHost | undefined) {
    this.directory = directory
    this.#host = host
  }

  static async create(host: FileHost | undefined, files: Readonly<Record<string, string>>): Promise<Project> {
    const directory = await mkdtemp(join(tmpdir(), 'axle-project-'))
    const project = new Project(directory, host)
    await project.write({ 'package.json': '{ "name": "demo", "type": "module" }\n', ...files })
    const modules = join(directory, 'node_modules')
    await mkdir(join(modules, '@axle-ia'), { recursive: true })
    await symlink(join(packages, 'axle'), join(modules, 'axle'))
    for (const name of ['core', 'plugin-systemd', 'plugin-nginx'])
      await symlink(join(packages, name), join(modules, '@axle-ia', name))
    return project
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.directory, path)), { recursive: true })
      await writeFile(join(this.directory, path), text)
    }
  }

  /** The whole command line, of which Node is the first word. */
  argv(words: readonly string[]): string[] {
    return [process.execPath, ...this.#argv(words)]
  }

  #argv(words: readonly string[]): string[] {
    if (this.#host === undefined) return [BIN, ...words]
    const { user, address, port, identity, hostKey } = this.#host
    const way = ['--host', `${user}@${address}:${port}`, '--identity', identity, '--host-key', hostKey]
    const end = words.includes('--') ? words.indexOf('--') : words.length
    return [BIN, ...words.slice(0, end), ...way, ...words.slice(end)]
  }

  /** Runs \`axle …\` against the test's host, if there is one. A non-zero exit does not throw: it is what many tests are about. */
  async axle(
    words: readonly string[],
    options: {
      readonly input?: string
      readonly local?: boolean
      readonly env?: Readonly<Record<string, string>>
    } = {},
  ): Promise<Ran> {
    const argv = options.local === true ? [BIN, ...words] : this.#argv(words)
    const { exitCode, stdout, stderr, all } = await execa(process.execPath, argv, {
      cwd: this.directory,
      reject: false,
      all: true,
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    })
    return { exitCode: exitCode ?? -1, stdout, stderr, screen: all }
  }

  /** The process itself, for a test that kills it. */
  start(words: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore') {
    return execa(process.execPath, this.#argv(words), { cwd: this.directory, reject: false, all: true, stdin })
  }

  /** Byte for byte. */
  raw(words: readonly string[], input: Uint8Array) {
    return execa(process.execPath, this.#argv(words), {
      cwd: this.directory,
      reject: false,
      encoding: 'buffer',
      stripFinalNewline: false,
      input,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true })
  }
}

/** A config of one or more services with the usual plugins. */
export function configText(services: string, more = ''): string {
  return `
import { defineConfig, defineService, secret } from '@axle-ia/core'
import { recommended } from 'axle'
${more}
export default defineConfig({ project: 'demo', services: [${services}], plugins: [recommended()] })
`
}

export const API = `defineService({ name: 'api', start: 'node server.js', port: 8100, route: '/api/', health: { path: '/health', within: '5s' }, drain: '5s' })`

export interface Answer {
  readonly status: number
  readonly release: string | null
  readonly text: string
}

export async function get(host: FileHost, path: string): Promise<Answer> {
  const response = await fetch(`http://${host.address}${path}`, { headers: { connection: 'close' } })
  return { status: response.status, release: response.headers.get('x-axle-release'), text: await response.text() }
}
