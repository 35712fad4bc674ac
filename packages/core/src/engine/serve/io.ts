import type { FromHost } from '../../protocol/wire.ts'

/** A viewer, as the engine sees one: over SSH, or in the same process. Whatever is sent waits for a viewer that is slow. */
export interface ViewerIo {
  send(message: FromHost): Promise<void>
  /** What a command printed. */
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>
  /** Contents in any order, until the viewer has sent all that was missing. */
  blobs(): AsyncIterable<{ readonly sha256: string; readonly size: number; readonly chunks: AsyncIterable<Uint8Array> }>
  /** From here on the viewer has nothing to say: the end of its stream is noticed, and aborts `signal`. */
  expectNothing(): void
  /** From here on the viewer sends a command's standard input. The end of its stream is noticed as well. */
  input(): AsyncIterable<Uint8Array>
  /** Aborted once the viewer is gone. */
  readonly signal: AbortSignal
}
