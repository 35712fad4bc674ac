/** A user has more turns waiting than may wait. */
export class TooManyTurnsError extends Error {
  override readonly name = 'TooManyTurnsError'
}

export const MAX_WAITING_TURNS = 16

/**
 * Runs a user's turns one after the other, and different users' beside each other: a turn is a reply to the one before it,
 * so it must see it. Also bounds what one user can have under way.
 */
export class TurnsInOrder {
  readonly #last = new Map<string, Promise<unknown>>()
  readonly #count = new Map<string, number>()

  async run<T>(userId: string, turn: () => Promise<T>): Promise<T> {
    const count = this.#count.get(userId) ?? 0
    if (count > MAX_WAITING_TURNS) throw new TooManyTurnsError('Too many turns of this user are waiting.')
    this.#count.set(userId, count + 1)
    const before = this.#last.get(userId) ?? Promise.resolve()
    const mine = before.then(turn, turn)
    this.#last.set(userId, mine)
    try {
      return await mine
    } finally {
      const left = (this.#count.get(userId) ?? 1) - 1
      if (left > 0) {
        this.#count.set(userId, left)
      } else {
        this.#count.delete(userId)
        this.#last.delete(userId)
      }
    }
  }
}
