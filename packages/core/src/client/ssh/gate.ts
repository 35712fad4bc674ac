import type { Prompt } from '../../cli/io/prompt.ts'

/**
 * A way that is begun before it is known whether it is wanted stops here: nobody is asked and nobody is logged in before
 * `mean`, and `leave` ends it, however far it has come.
 */
export class Gate {
  readonly #meant = Promise.withResolvers<void>()
  readonly #left = Promise.withResolvers<never>()

  constructor() {
    // Who waits for them hears of it; often nobody does.
    this.#meant.promise.catch(() => undefined)
    this.#left.promise.catch(() => undefined)
  }

  /** Settles once it is known. */
  get meant(): Promise<void> {
    return this.#meant.promise
  }

  /** Never resolves. */
  get left(): Promise<never> {
    return this.#left.promise
  }

  mean(): void {
    this.#meant.resolve()
  }

  leave(): void {
    const reason = new Error('nobody goes there any more')
    this.#meant.reject(reason)
    this.#left.reject(reason)
  }

  /** The same questions, asked once it is known that they are worth an answer. */
  before(prompt: Prompt): Prompt {
    const first = async <T>(ask: () => Promise<T>): Promise<T> => {
      await Promise.race([this.meant, this.left])
      return ask()
    }
    return {
      text: (...question) => first(() => prompt.text(...question)),
      secret: (...question) => first(() => prompt.secret(...question)),
      confirm: (...question) => first(() => prompt.confirm(...question)),
    }
  }
}

export function openGate(): Gate {
  const gate = new Gate()
  gate.mean()
  return gate
}
