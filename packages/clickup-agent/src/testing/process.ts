import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface ServerProcess extends AsyncDisposable {
  readonly child: ChildProcess
  readonly exit: Promise<number | null>
  output(): string
  /** The address that it says it listens on. */
  listening(): Promise<string>
}

export const SERVER_SOURCE = new URL('../server.ts', import.meta.url).pathname

/** The service as a process of its own, with nothing of this process's environment. */
export function serverProcess(env: Record<string, string>, script = SERVER_SOURCE, cwd?: string): ServerProcess {
  const child = spawn(process.execPath, [script], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const changed: (() => void)[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (data: string) => {
      output += data
      for (const notify of changed.splice(0)) notify()
    })
  }
  const exit = once(child, 'close').then(() => child.exitCode)
  return {
    child,
    exit,
    output: () => output,
    async listening() {
      for (;;) {
        const url = output.match(/"url":"([^"]+)"[^\n]*"listening"/)?.[1]
        if (url !== undefined) return url
        const ended = await Promise.race([
          exit.then(() => true),
          new Promise<false>((r) => changed.push(() => r(false))),
        ])
        if (ended) throw new Error(`the server ended before it listened:\n${output}`)
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exit
    },
  }
}
