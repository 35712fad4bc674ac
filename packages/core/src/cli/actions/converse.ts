import { AxleError } from '../../protocol/errors.ts'
import type { RequestInput } from '../../protocol/wire.ts'
import type { Connect, Heard, Session } from '../connect.ts'
import { orInterrupted } from '../io/interrupt.ts'

/** A number ends the conversation, as its exit code. What is awaited holds the host back. */
type Listener = (message: Heard, session: Session) => undefined | number | Promise<undefined>

/** Puts one question, hands on what the host says, and answers with the exit code of its `end`. */
export async function converse(
  connect: Connect,
  request: RequestInput,
  signal: AbortSignal,
  onMessage: Listener,
  onOpen: (session: Session) => void = () => {},
): Promise<number> {
  const session = await orInterrupted(connect.open(request, { project: connect.project }), signal)
  try {
    onOpen(session)
    const messages = session.messages[Symbol.asyncIterator]()
    for (;;) {
      const next = await orInterrupted(messages.next(), signal)
      if (next.done === true)
        throw new AxleError('AXLE_CONNECTION_LOST', 'The connection ended before the host had said how it went.')
      const message = next.value
      if (message.t === 'error') throw AxleError.from(message.error)
      if (message.t === 'end') return message.exit
      const said = onMessage(message, session)
      const enough = typeof said === 'object' ? await orInterrupted(said, signal) : said
      if (enough !== undefined) return enough
    }
  } finally {
    // A host that is gone cannot say goodbye: the viewer does not wait for it.
    session.close().catch(() => {})
  }
}
