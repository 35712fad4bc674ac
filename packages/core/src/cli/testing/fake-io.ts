import { PassThrough } from 'node:stream'
import type { Io } from '../io/io.ts'

/** What a command printed, for tests. */
export function fakeIo(env: Record<string, string> = {}) {
  const said = { out: '', err: '' }
  const listeners = new Set<() => void>()
  const stdin = Object.assign(new PassThrough(), { isTTY: false })
  const io: Io = {
    stdin,
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    env,
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { io, said, stdin, interrupt: () => listeners.forEach((listener) => void listener()) }
}
