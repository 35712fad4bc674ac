import { PassThrough, Writable } from 'node:stream'
import type { Io } from '../io/io.ts'

/** What a command printed, for tests. */
export function fakeIo(env: Record<string, string> = {}) {
  const said = { out: '', err: '' }
  const listeners = new Set<() => void>()
  const stdin = Object.assign(new PassThrough(), { isTTY: false })
  const unread = new AbortController()
  const io: Io = {
    stdin,
    stdout: {
      write: (chunk, done) => {
        said.out += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
        done?.()
      },
    },
    stderr: new Writable({
      decodeStrings: false,
      write: (chunk: string | Uint8Array, _encoding, done) => {
        said.err += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
        done()
      },
    }),
    env,
    unread: unread.signal,
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { io, said, stdin, unread, interrupt: () => listeners.forEach((listener) => void listener()) }
}
