import { CATALOGUE, type ErrorCode } from './error-catalogue.ts'
import type { Exit } from './exit.ts'
import type { SerializedError } from './serialized-error.ts'

export type { SerializedError }

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(CATALOGUE, text)
}

export interface ErrorDetails {
  /** Replaces the catalogue's hint where the exact command or line is known. */
  readonly hint?: string
  readonly where?: string
  readonly stamp?: Readonly<Record<string, string>>
  readonly output?: string
  readonly cause?: unknown
}

/** The one class of errors that a user sees. `message` says what happened and why; `hint` what to do. */
export class AxleError extends Error {
  override readonly name = 'AxleError'
  readonly code: ErrorCode
  readonly exit: Exit
  readonly hint: string | undefined
  readonly where: string | undefined
  readonly stamp: Readonly<Record<string, string>>
  readonly output: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    const entry = CATALOGUE[code]
    this.code = code
    this.exit = entry.exit
    this.hint = details.hint ?? entry.hint
    this.where = details.where
    this.stamp = details.stamp ?? {}
    this.output = details.output
  }

  /** The same error with more of who and where on it. What is already there stays: the innermost knows best. */
  stamped(stamp: Readonly<Record<string, string>>): AxleError {
    return new AxleError(this.code, this.message, {
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.where === undefined ? {} : { where: this.where }),
      ...(this.output === undefined ? {} : { output: this.output }),
      stamp: { ...stamp, ...this.stamp },
      cause: this.cause,
    })
  }

  serialize(): SerializedError {
    return {
      code: this.code,
      message: this.message,
      exit: this.exit,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.where === undefined ? {} : { where: this.where }),
      ...(this.output === undefined ? {} : { output: this.output }),
      ...(Object.keys(this.stamp).length === 0 ? {} : { stamp: this.stamp }),
    }
  }

  static from(serialized: SerializedError): AxleError {
    const { code, message, hint, where, stamp, output } = serialized
    return new AxleError(isErrorCode(code) ? code : 'AXLE_INTERNAL', message, {
      ...(hint === undefined ? {} : { hint }),
      ...(where === undefined ? {} : { where }),
      ...(stamp === undefined ? {} : { stamp }),
      ...(output === undefined ? {} : { output }),
    })
  }

  /** Anything thrown, as one of ours. */
  static wrap(thrown: unknown, code: ErrorCode = 'AXLE_INTERNAL'): AxleError {
    if (thrown instanceof AxleError) return thrown
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return new AxleError(code, message, { cause: thrown })
  }
}
