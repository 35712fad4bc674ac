/** Between a producer and a consumer of one process: in order, nothing lost, and `put` waits for a consumer that is behind. */
export class Mailbox<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = []
  readonly #most: number
  #consumer = Promise.withResolvers<void>()
  #room = Promise.withResolvers<void>()
  #closed = false

  constructor(most: number) {
    this.#most = most
  }

  async put(item: T): Promise<void> {
    if (this.#closed) return
    this.#waiting.push(item)
    this.#consumer.resolve()
    while (this.#waiting.length > this.#most && !this.#closed) await this.#room.promise
  }

  /** What is in it is still given out. */
  close(): void {
    this.#closed = true
    this.#consumer.resolve()
    this.#room.resolve()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) {
        this.#room.resolve()
        this.#room = Promise.withResolvers()
        yield next
      } else if (this.#closed) {
        return
      } else {
        this.#consumer = Promise.withResolvers()
        await this.#consumer.promise
      }
    }
  }
}
