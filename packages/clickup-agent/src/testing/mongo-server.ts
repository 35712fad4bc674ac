import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tempDir } from './temp-dir.ts'

const run = promisify(execFile)
/** A server with WiredTiger's storage that speaks MongoDB's protocol; MongoDB's own is in no registry that tests can count on. */
const PACKAGE = 'secantusdb==0.7.0b3'

export interface MongoServer extends AsyncDisposable {
  readonly uri: string
  /** Ends it, as an outage would; absent for a server that is not ours. */
  readonly kill?: () => Promise<void>
}

/** Kept outside of the repository: the next run starts in a second. */
async function installed(): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const venv = join(cache, 'axle', PACKAGE.replace('==', '-'))
  const done = join(venv, '.complete')
  if (!existsSync(done)) {
    await rm(venv, { recursive: true, force: true })
    await mkdir(join(cache, 'axle'), { recursive: true })
    await run('python3', ['-m', 'venv', venv])
    await run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE])
    await writeFile(done, '')
  }
  return join(venv, 'bin/secantusd-py')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function ready(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error('secantusdb does not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The server that MONGO_TEST_URI names, or one of our own. When there is none to be had, why. */
export async function mongoServer(): Promise<MongoServer | { readonly unavailable: string }> {
  const named = process.env.MONGO_TEST_URI
  if (named !== undefined && named !== '') return { uri: named, async [Symbol.asyncDispose]() {} }
  try {
    const program = await installed()
    const dir = await tempDir()
    const port = await freePort()
    const child = spawn(program, ['--host', '127.0.0.1', '--port', `${port}`, '--storage-path', dir.path], {
      stdio: 'ignore',
    })
    const exit = once(child, 'exit')
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL')
      await exit
    }
    await ready(child, port)
    return {
      uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
      kill,
      async [Symbol.asyncDispose]() {
        await kill()
        await dir[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    return { unavailable: `python3 with venv and ${PACKAGE}: ${error instanceof Error ? error.message : error}` }
  }
}
