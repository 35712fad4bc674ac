import { createHash } from 'node:crypto'

/** A name for a cached file, from all that its content depends on: 24 hex digits. */
export function cacheKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)
}
