import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Event, type EventBody, event } from '../../protocol/events.ts'
import type { Logger } from '../host/host.ts'

/** Where words of a plugin, a program or a person can stand. The rest is ours: a secret that is "live" must not break it. */
const FREE_TEXT: ReadonlySet<string> = new Set(['message', 'detail', 'hint', 'output', 'where'])

/** Events of one operation, a line each, in a file that viewers follow. What a plugin or program said is redacted on the way. */
export class EventLog {
  readonly #fd: number
  readonly #operation: string
  readonly #redact: (text: string) => string
  #seq = 0

  constructor(file: string, operation: string, redact: (text: string) => string) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 })
    this.#fd = openSync(file, 'a', 0o640)
    this.#operation = operation
    this.#redact = redact
  }

  /** Stamps and redacts. What is recorded anywhere else is this, never the body itself. */
  prepare(body: EventBody): Event {
    const stamped = { v: 1 as const, op: this.#operation, seq: this.#seq++, time: new Date().toISOString(), ...body }
    const clean: unknown = JSON.parse(JSON.stringify(stamped), (key, value: unknown) =>
      typeof value === 'string' && FREE_TEXT.has(key) ? this.#redact(value) : value,
    )
    return event.parse(clean)
  }

  write(prepared: Event): void {
    writeSync(this.#fd, `${JSON.stringify(prepared)}\n`)
    if (prepared.type === 'result') fsyncSync(this.#fd)
  }

  emit(body: EventBody): void {
    this.write(this.prepare(body))
  }

  logger(source: string, service?: string): Logger {
    const at = (level: 'debug' | 'info' | 'warning' | 'error') => (message: string) =>
      this.emit({ type: 'log', level, message, source, ...(service === undefined ? {} : { service }) })
    return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') }
  }

  close(): void {
    closeSync(this.#fd)
  }
}
