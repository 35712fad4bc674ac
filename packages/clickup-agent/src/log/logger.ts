import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'
import type { Redact } from './redact.ts'

export type { Logger }

export interface LoggerOptions {
  readonly level: string
  readonly environment: string
  readonly redact: Redact
  /** Where lines go; stdout unless told (journald reads it from there). */
  readonly destination?: DestinationStream
}

/** JSON lines, written at once: what is logged just before an exit or a crash must not be lost. */
export function createLogger({ level, environment, redact, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { environment },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: stdSerializers.errWithCause },
    redact: {
      paths: ['authorization', 'cookie', 'headers.authorization', 'headers.cookie', '*.headers.authorization'],
      censor: '[redacted]',
    },
    hooks: { streamWrite: redact },
  }
  // Asked for by name: pino's own default is an asynchronous write, and lines came out of order at the exit.
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }))
}
