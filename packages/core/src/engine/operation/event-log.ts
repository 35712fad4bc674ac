import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Event, type EventBody, event } from '../../protocol/events.ts'
import type { Logger } from '../host/host.ts'

/** Where words of a plugin, a program or a person can stand. The rest is ours: a secret that is "live" must not break it. */
const FREE_TEXT: ReadonlySet<string> = new Set(['message', 'detail', 'hint', 'output', 'where'])
/** Bytes that wait for room on the disk. What comes when there are more is lost. */
const WAITING = 1024 * 1024
/** Milliseconds between two tries to write the last line, and how many there are. */
const AGAIN = 250
const TRIES = 40

/**
 * Events of one operation, a line each, in a file that viewers follow. What a plugin or program said is redacted on the
 * way. Nothing here throws once it is open: an operation goes on, and is undone, whether or not it can be told.
 */
export class EventLog {
  readonly #fd: number
  readonly #operation: string
  readonly #redact: (text: string) => string
  readonly #put: (bytes: Buffer) => number
  #seq = 0
  /** Not on the disk yet; the first line of it may be there in part. */
  #waiting = Buffer.alloc(0)
  #lost = 0

  constructor(
    file: string,
    operation: string,
    redact: (text: string) => string,
    put: (fd: number, bytes: Buffer) => number = writeSync,
  ) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 })
    this.#fd = openSync(file, 'a', 0o640)
    this.#operation = operation
    this.#redact = redact
    this.#put = (bytes) => put(this.#fd, bytes)
  }

  /** Stamps and redacts. What is recorded anywhere else is this, never the body itself. */
  prepare(body: EventBody): Event {
    const stamped = { v: 1 as const, op: this.#operation, seq: this.#seq++, time: new Date().toISOString(), ...body }
    const clean: unknown = JSON.parse(JSON.stringify(stamped), (key, value: unknown) =>
      typeof value === 'string' && FREE_TEXT.has(key) ? this.#redact(value) : value,
    )
    return event.parse(clean)
  }

  /** Whether all lines are on the disk; what is not is tried again with the next. */
  write(prepared: Event): boolean {
    this.#tellLost()
    if (this.#waiting.length > WAITING && prepared.type !== 'result') this.#lost++
    else this.#append(prepared)
    return this.#flush()
  }

  emit(body: EventBody): void {
    try {
      this.write(this.prepare(body))
    } catch {
      // It does not have the form of an event, or words that cannot be redacted: it is not told at all.
      this.#lost++
    }
  }

  /** The last event. Viewers wait for it, so it is given time; false: there was no room to the end. */
  async end(result: Event): Promise<boolean> {
    let written = this.write(result)
    for (let tries = 1; !written && tries < TRIES; tries++) {
      await sleep(AGAIN)
      written = this.#flush()
    }
    try {
      fsyncSync(this.#fd)
    } catch {
      written = false
    }
    closeSync(this.#fd)
    return written
  }

  logger(source: string, service?: string): Logger {
    const at = (level: 'debug' | 'info' | 'warning' | 'error') => (message: string) =>
      this.emit({ type: 'log', level, message, source, ...(service === undefined ? {} : { service }) })
    return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') }
  }

  #tellLost(): void {
    if (this.#lost === 0 || this.#waiting.length > WAITING) return
    const message = `${this.#lost} events of this operation could not be written, and are lost.`
    this.#lost = 0
    this.#append(this.prepare({ type: 'log', level: 'warning', message, source: 'core' }))
  }

  #append(prepared: Event): void {
    this.#waiting = Buffer.concat([this.#waiting, Buffer.from(`${JSON.stringify(prepared)}\n`)])
  }

  #flush(): boolean {
    try {
      // A disk that fills up takes a part of what it is given.
      while (this.#waiting.length > 0) this.#waiting = this.#waiting.subarray(this.#put(this.#waiting))
      return true
    } catch {
      return false
    }
  }
}
