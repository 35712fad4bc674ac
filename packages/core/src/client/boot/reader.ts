/** Reads lines off the start of a byte stream, and leaves the rest as it is. */
export class LineReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Buffer = Buffer.alloc(0)
  #pending: Promise<boolean> | undefined

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
      if (!(await this.arrived())) return undefined
    }
  }

  /** Once more has come: true. Once the stream has ended: false. Nothing is taken off. */
  arrived(): Promise<boolean> {
    this.#pending ??= this.#chunks.next().then(({ done, value }) => {
      this.#pending = undefined
      if (done === true) return false
      this.#held = this.#held.length === 0 ? Buffer.from(value) : Buffer.concat([this.#held, value])
      return true
    })
    return this.#pending
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const held = this.#held
      this.#held = Buffer.alloc(0)
      if (held.length > 0) yield held
      else if (!(await this.arrived())) return
    }
  }
}
