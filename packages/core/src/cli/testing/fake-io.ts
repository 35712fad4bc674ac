import { PassThrough, Writable } from 'node:stream'
import type { Io } from '../io/io.ts'

/** What a command printed, for tests. */
export function fakeIo(env: Record<string, string> = {}) {
  const said = { out: '', err: '' }
  const listeners = new Set<() => void>()
  const stdin = Object.assign(new PassThrough(), { isTTY: false })
  const io: Io = {
    stdin,
    stdout: { write: (text: string) => (said.out += text) },
    stderr: new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        said.err += text
        done()
      },
    }),
    env,
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { io, said, stdin, interrupt: () => listeners.forEach((listener) => void listener()) }
}
