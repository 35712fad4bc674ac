/** What went wrong, why, and what to do about it: the three things a reader of a failed test run needs. */
export class TestbedError extends Error {
  readonly why: string
  readonly fix: string

  constructor(what: string, details: { why: string; fix: string; cause?: unknown }) {
    super(`${what}\n  why: ${details.why}\n  fix: ${details.fix}`, { cause: details.cause })
    this.name = 'TestbedError'
    this.why = details.why
    this.fix = details.fix
  }
}

export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
