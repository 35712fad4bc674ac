import type { Readable, Writable } from 'node:stream'

/** All of the outside that commands touch, so that a test can stand in its place. */
export interface Io {
  readonly stdout: Output
  /** Where questions are asked, too. */
  readonly stderr: Output & Writable
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted once nobody reads stdout any more. */
  readonly unread: AbortSignal
  /** Calls `listener` when somebody wants the viewer to end; returns how to stop listening. */
  onInterrupt(listener: () => void): () => void
}

export interface Output {
  /** `done` is called once whoever reads it has taken it. */
  write(chunk: string | Uint8Array, done?: () => void): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** Some pseudo-terminals have no size, and say 0. */
export function columnsOf(output: Output): number {
  return output.columns || 80
}

/** `--no-color` is NO_COLOR, also for what asks on the terminal and for programs that are started from here. */
export function withoutColour(io: Io): Io {
  if (io.env === process.env) {
    process.env.NO_COLOR = '1'
    // Node lets it win over NO_COLOR.
    delete process.env.FORCE_COLOR
    return io
  }
  return { ...io, env: { ...io.env, NO_COLOR: '1' } }
}

/** A cancelled CI job sends SIGTERM, a closed terminal SIGHUP. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process
  // `axle deploy | head`: the reader has enough. How the deploy ends is another matter, which the exit code still says.
  const unread = new AbortController()
  const onError = (then: () => void) => (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    then()
  }
  stdout.on(
    'error',
    onError(() => unread.abort()),
  )
  stderr.on(
    'error',
    onError(() => {}),
  )
  return {
    unread: unread.signal,
    stdout,
    stderr,
    stdin,
    env,
    onInterrupt: (listener) => {
      const stop = () => {
        for (const signal of INTERRUPTS) process.off(signal, once)
      }
      // Once: a second Ctrl-C ends the process the hard way.
      const once = () => {
        stop()
        listener()
      }
      for (const signal of INTERRUPTS) process.on(signal, once)
      return stop
    },
  }
}
