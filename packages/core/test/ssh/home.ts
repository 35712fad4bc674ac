import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A home folder with an `.ssh`, as a person has it. */
export class Home implements AsyncDisposable {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<Home> {
    const home = new Home(await mkdtemp(join(tmpdir(), 'axle-ssh-home-')))
    await mkdir(join(home.folder, '.ssh'), { mode: 0o700 })
    return home
  }

  path(name: string): string {
    return join(this.folder, '.ssh', name)
  }

  async write(name: string, text: string): Promise<string> {
    await mkdir(dirname(this.path(name)), { recursive: true })
    await writeFile(this.path(name), text)
    await chmod(this.path(name), 0o600)
    return this.path(name)
  }

  /** A new key; its public line is `PATH.pub`. */
  key(name: string, passphrase = '', type = 'ed25519'): string {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', this.path(name)])
    return this.path(name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** A real ssh-agent that lives as long as the test needs it. */
export async function startAgent(
  home: Home,
): Promise<{ readonly socket: string; add(key: string): void } & AsyncDisposable> {
  const socket = join(home.folder, 'agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  const add = (key: string) =>
    execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
  for (let tries = 0; tries < 50; tries += 1) {
    await sleep(50)
    try {
      execFileSync('ssh-add', ['-D'], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
      break
    } catch {
      // It does not listen yet.
    }
  }
  return {
    socket,
    add,
    [Symbol.asyncDispose]: async () => {
      agent.kill()
      await once(agent, 'exit')
    },
  }
}
