/** Reads lines off the start of a byte stream, and leaves the rest as it is. */
export class LineReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]()
  }

  /** The next line without its end; `undefined` once the stream has ended. A line longer than `most` bytes is none. */
  async line(most: number): Promise<string | undefined> {
    for (;;) {
      const end = this.#held.indexOf(0x0a)
      if (end >= 0) {
        const line = this.#held.subarray(0, end).toString('utf8')
        this.#held = this.#held.subarray(end + 1)
        return line
      }
      if (this.#held.length > most) return undefined
      const { done, value } = await this.#chunks.next()
      if (done === true) return undefined
      this.#held = Buffer.concat([this.#held, value])
    }
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.#held.length > 0) yield this.#held
    this.#held = Buffer.alloc(0)
    for (;;) {
      const { done, value } = await this.#chunks.next()
      if (done === true) return
      yield value
    }
  }
}
