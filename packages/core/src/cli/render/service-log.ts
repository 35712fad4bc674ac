import type { Event } from '../../protocol/events.ts'
import { printable } from './printable.ts'

const KEPT = 20

/** The last lines that the services themselves logged during an operation: what explains a failed start. */
export class ServiceLog {
  #lines: readonly string[] = []

  get lines(): readonly string[] {
    return this.#lines
  }

  /** Whether it was such a line. */
  take(event: Event): boolean {
    if (event.type !== 'log' || event.source !== 'service') return false
    const text = printable(event.message)
    this.#lines = [...this.#lines, event.service === undefined ? text : `${event.service}: ${text}`].slice(-KEPT)
    return true
  }
}
