import * as z from 'zod'

/** What may cross the wire or the disk: plain JSON, nothing else. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export const json: z.ZodType<Json, Json> = z.json()

/**
 * The one text of a value: as JSON.stringify has it, but with sorted keys and no white space. Hashes and comparisons use
 * it, so that the order in which somebody wrote an object's keys never looks like a change.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries<unknown>({ ...value })
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
