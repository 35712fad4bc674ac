/** Something that the service leans on, and how to find out whether it can. */
export interface Dependency {
  readonly name: string
  /** Required = the service is unhealthy while this one fails. What is not configured never is. */
  readonly required: boolean
  /** Names of the variables that would configure it; empty when it is configured. */
  readonly missing: readonly string[]
  /** It is asked at most this often, however often the monitor (or the public) asks us. */
  readonly freshMs: number
  /** Resolves when it works. What a public answer may say of a failure is a HealthProblem's message, and nothing else. */
  check(signal: AbortSignal): Promise<void>
}

/** A failure in words that are fit for the public health page. Any other error is only "failing" there, and is logged. */
export class HealthProblem extends Error {
  override readonly name = 'HealthProblem'
}
