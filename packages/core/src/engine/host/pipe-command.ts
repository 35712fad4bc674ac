import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { AxleError } from '../../protocol/errors.ts'
import { CLEAN_ENVIRONMENT } from './command.ts'
import type { Argv } from './host.ts'

export interface Pipes {
  readonly input: AsyncIterable<Uint8Array>
  /** The program waits while this is pending. */
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>
  readonly signal: AbortSignal
  /** Ends what the program started elsewhere; it then ends by itself. */
  stop(): Promise<void>
}

/** Runs a program with both of its ends connected, byte for byte. Answers with its exit code, 128 + n after signal n. */
export async function pipeCommand(argv: Argv, { input, output, signal, stop }: Pipes): Promise<number> {
  const [file, ...rest] = argv
  const child = spawn(file, rest, {
    env: CLEAN_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in a terminal on the host must not kill it before what it started is ended.
    detached: true,
  })
  const ended = once(child, 'close')
  const aborted = () => void stop().finally(() => child.kill())
  if (signal.aborted) aborted()
  signal.addEventListener('abort', aborted, { once: true })
  try {
    void feed(input, child.stdin)
    const [[code, killed]] = await Promise.all([
      ended,
      drain(child.stdout, (bytes) => output('stdout', bytes)),
      drain(child.stderr, (bytes) => output('stderr', bytes)),
    ])
    return typeof code === 'number' ? code : 128 + signalNumber(killed)
  } catch (thrown) {
    if (thrown instanceof AxleError) throw thrown
    throw new AxleError('AXLE_COMMAND', `"${file}" could not be started: ${String(thrown)}`)
  } finally {
    signal.removeEventListener('abort', aborted)
  }
}

async function drain(from: Readable, take: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  for await (const chunk of from) {
    const bytes: Uint8Array = chunk
    await take(bytes)
  }
}

/** A program that closes its input early, as head(1) does, is no failure: what comes after that is taken and dropped. */
async function feed(input: AsyncIterable<Uint8Array>, to: Writable): Promise<void> {
  to.on('error', () => {})
  for await (const bytes of input) {
    if (to.destroyed || to.write(bytes)) continue
    await Promise.race([once(to, 'drain'), once(to, 'close')]).catch(() => {})
  }
  to.end()
}

function signalNumber(name: unknown): number {
  return Object.entries(constants.signals).find(([one]) => one === name)?.[1] ?? 0
}
