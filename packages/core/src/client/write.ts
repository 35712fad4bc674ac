import type { Writable } from 'node:stream'
import { AxleError } from '../protocol/errors.ts'

/** Writes, and waits whenever the other side is behind: nothing piles up in memory. */
export async function writeAll(to: Writable, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (to.destroyed || to.writableEnded) throw lost()
    if (to.write(chunk)) continue
    await new Promise<void>((resolve, reject) => {
      const settle = (done: () => void) => () => {
        to.off('drain', drained).off('close', closed).off('error', closed)
        done()
      }
      const drained = settle(resolve)
      const closed = settle(() => reject(lost()))
      to.on('drain', drained).on('close', closed).on('error', closed)
    })
  }
}

export function lost(): AxleError {
  return new AxleError('AXLE_CONNECTION_LOST', 'The connection to the host was lost.')
}
