import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import { INPUT_WINDOW } from '../../protocol/wire.ts'
import type { Connect, Session } from '../connect.ts'
import type { Action, Invocation } from '../context.ts'
import { Interrupted } from '../io/interrupt.ts'
import type { Io, Output } from '../io/io.ts'
import { checkOptions } from '../options/check.ts'
import { printFailure } from '../render/print-failure.ts'
import { createReporter } from '../render/reporter.ts'
import type { ExecLine } from '../schema/exec-line.ts'
import { converse } from './converse.ts'
import { oneService } from './one-service.ts'
import { reach } from './reach.ts'

/** Of standard input at once: as much as a pipe holds. */
const PIECE = 64 * 1024

export const execAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const argv = commandOf(invocation)
  const { io } = context
  const { json, verbose } = options
  // The way there is of interest to --verbose alone; both streams are the command's.
  const reporter = createReporter({ ...io, stdout: io.stderr }, { json: false, quiet: !verbose, verbose })
  context.drawnBy(reporter)
  const window = inputWindow()
  let stream: 'stdout' | 'stderr' = 'stdout'
  let connect: Connect | undefined
  try {
    connect = await reach('exec', options, context, (note) => reporter.note(note))
    const service = oneService(connect, options, 'A command runs in one service', `axle exec -- ${argv.join(' ')}`)
    const exit = await converse(
      connect,
      { verb: 'exec', service, argv },
      // `axle exec -- yes | head`: nobody hears the rest, and how the command would have ended nobody knows.
      AbortSignal.any([context.interrupted, io.unread]),
      (message) => {
        if (message.t === 'output') stream = message.stream
        if (message.t === 'took') window.took(message.bytes)
        if (message.t === 'bytes') return print(message.bytes, stream, io, json)
      },
      (session) => {
        // From here on the screen is the command's.
        reporter.close()
        void sendInput(io, session, window)
      },
    )
    if (json) io.stdout.write(`${JSON.stringify({ exit } satisfies ExecLine)}\n`)
    return exit
  } catch (thrown) {
    if (thrown instanceof Interrupted) return EXIT.interrupted
    reporter.close()
    return printFailure(AxleError.wrap(thrown), { io, json, verbose })
  } finally {
    connect?.close()
    // Or a terminal that nobody types on any more would keep this process.
    io.stdin.destroy()
  }
}

function commandOf({ arguments: [program, ...rest] }: Invocation): [string, ...string[]] {
  if (program !== undefined && program !== '') return [program, ...rest]
  throw new AxleError('AXLE_USAGE', 'The command that is to run is empty.')
}

/** Back once it was taken: `axle exec … | less` holds the command on the host, and nothing piles up on the way. */
async function print(bytes: Uint8Array, stream: 'stdout' | 'stderr', io: Io, json: boolean): Promise<undefined> {
  const line = json ? `${JSON.stringify(pieceOf(bytes, stream))}\n` : bytes
  const output: Output = json ? io.stdout : io[stream]
  await new Promise<void>((resolve) => output.write(line, resolve))
}

function pieceOf(bytes: Uint8Array, stream: 'stdout' | 'stderr'): ExecLine {
  return { stream, base64: Buffer.from(bytes).toString('base64') }
}

interface InputWindow {
  took(bytes: number): void
  /** Until that many more may be sent. */
  room(bytes: number): Promise<void>
}

function inputWindow(): InputWindow {
  let underWay = 0
  let freed = Promise.withResolvers<void>()
  return {
    took: (bytes) => {
      underWay -= bytes
      freed.resolve()
      freed = Promise.withResolvers()
    },
    room: async (bytes) => {
      while (underWay + bytes > INPUT_WINDOW) await freed.promise
      underWay += bytes
    },
  }
}

async function sendInput(io: Io, session: Session, window: InputWindow): Promise<void> {
  try {
    for await (const chunk of io.stdin) {
      const bytes = Buffer.from(chunk)
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE)
        await window.room(piece.length)
        await session.input.send(piece)
      }
    }
    await session.input.end()
  } catch {
    // The command has ended, or the host is gone: the conversation says which.
  }
}
