import { AxleError } from '../protocol/errors.ts'
import type { Frame } from '../protocol/frame.ts'
import { fromViewer, INPUT_WINDOW } from '../protocol/wire.ts'
import { Mailbox } from './mailbox.ts'

/**
 * A command's standard input, from a viewer's frames. These are read whether the command reads or not, or nobody would
 * see that the viewer has gone; what is held meanwhile has its limit in INPUT_WINDOW. `gone` is called at the end.
 */
export function inputOf(frames: AsyncGenerator<Frame>, gone: () => void): AsyncIterable<Uint8Array> {
  const arrived = new Mailbox<Uint8Array>(Number.POSITIVE_INFINITY)
  let held = 0
  const pump = async () => {
    for await (const frame of frames) {
      if (frame.kind === 'bytes') {
        held += frame.bytes.length
        if (held > INPUT_WINDOW) throw new AxleError('AXLE_WIRE', 'The viewer sent more than it was asked for.')
        await arrived.put(frame.bytes)
      } else if (fromViewer.parse(frame.message).t === 'input-end') {
        arrived.close()
      }
    }
  }
  void pump()
    // Whatever it is that ends its words, the viewer is not heard any more.
    .catch(() => {})
    .finally(() => {
      arrived.close()
      gone()
    })
  return (async function* () {
    for await (const bytes of arrived) {
      held -= bytes.length
      yield bytes
    }
  })()
}
