import { AxleError } from '../../protocol/errors.ts'

/** Whether the system refused with this error: `ENOENT`, `EEXIST`. */
export function isErrno(thrown: unknown, ...codes: readonly string[]): boolean {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && codes.includes(thrown.code)
}

/** What the system refused, in words of ours. */
export function fileError(thrown: unknown, doing: string): AxleError {
  if (thrown instanceof AxleError) return thrown
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  const code = isErrno(thrown, 'ENOSPC', 'EDQUOT') ? 'AXLE_DISK_FULL' : 'AXLE_RESOURCE'
  return new AxleError(code, `${doing} failed: ${why}`, { cause: thrown })
}
