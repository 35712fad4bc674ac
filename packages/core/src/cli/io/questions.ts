import { Interrupted } from './interrupt.ts'
import type { Prompt } from './prompt.ts'

/** Whoever draws on the terminal, and can leave it alone meanwhile. */
interface Screen {
  hold<T>(work: () => Promise<T>): Promise<T>
}

/**
 * All questions of a program: one at a time, whoever asks, and nothing is drawn meanwhile: a live line would erase what
 * somebody is typing. The way to a host may ask before anything is drawn, and while a command asks for a value.
 */
export class Questions {
  /** Absent where nobody can be asked. */
  readonly prompt: Prompt | undefined
  #screen: Screen = { hold: (work) => work() }
  /** Settles with the last question. */
  #asked: Promise<void> = Promise.resolve()
  #open = 0
  #left = false

  readonly #onLeft: () => void

  /** `onLeft`: somebody has left a question, and with it the command. */
  constructor(prompt: Prompt | undefined, onLeft: () => void = () => {}) {
    this.#onLeft = onLeft
    if (prompt === undefined) return
    this.prompt = {
      text: (...question) => this.#ask(() => prompt.text(...question)),
      secret: (...question) => this.#ask(() => prompt.secret(...question)),
      confirm: (...question) => this.#ask(() => prompt.confirm(...question)),
    }
  }

  /** From now on `screen` draws; not before what is being asked is answered. */
  drawnBy(screen: Screen): void {
    this.#screen = screen
    if (this.#open > 0) void screen.hold(() => this.#asked)
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    const before = this.#asked
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#asked = promise
    this.#open += 1
    await before
    try {
      // Who leaves one leaves them all.
      if (this.#left) throw new Interrupted()
      return await this.#screen.hold(question)
    } catch (thrown) {
      if (thrown instanceof Interrupted && !this.#left) {
        this.#left = true
        this.#onLeft()
      }
      throw thrown
    } finally {
      this.#open -= 1
      resolve()
    }
  }
}
