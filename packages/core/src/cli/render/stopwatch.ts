import type { Event } from '../../protocol/events.ts'

/** How long an operation took, in milliseconds. Who attached late saw less of it than there was. */
export class Stopwatch {
  readonly #now: () => number
  readonly #begun: number
  #startedAt: string | undefined

  constructor(now: () => number) {
    this.#now = now
    this.#begun = now()
  }

  saw(event: Event): void {
    if (event.type === 'operation') this.#startedAt = event.time
  }

  took({ time }: Event): number {
    return Math.max(this.#now() - this.#begun, Date.parse(time) - Date.parse(this.#startedAt ?? time))
  }
}
