import type { Event } from '../../protocol/events.ts'
import { printableLines } from './printable.ts'

const KEPT = 20

/** The last lines that each service itself logged during an operation: what explains a failed start. */
export class ServiceLog {
  readonly #lines = new Map<string, readonly string[]>()

  /** Whether it was such a line. */
  take(event: Event): boolean {
    if (event.type !== 'log' || event.source !== 'service') return false
    const service = event.service ?? ''
    this.#lines.set(service, [...(this.#lines.get(service) ?? []), ...printableLines(event.message)].slice(-KEPT))
    return true
  }

  /** Of these services alone: what the others logged meanwhile explains nothing. */
  of(services: readonly string[]): readonly string[] {
    const wanted = [...this.#lines].filter(([service]) => service === '' || services.includes(service))
    return wanted.flatMap(([service, lines]) => lines.map((line) => (service === '' ? line : `${service}: ${line}`)))
  }
}
