import { codeOf, hasCode } from '../../define/behaviour.ts'
import type { Plugin } from '../../define/plugin.ts'
import { type Json, json } from '../../protocol/json.ts'
import type { Issues, Path } from './issues.ts'
import { didYouMean } from './spelling.ts'

/** The keys of a service that are not core's: each must be a plugin's that is there, and fit its schema. */
export function resolveExtensions(
  written: Readonly<Record<string, unknown>>,
  fields: readonly string[],
  plugins: readonly Plugin[],
  path: Path,
  issues: Issues,
): Record<string, Json> {
  const codes = plugins.filter(hasCode).map(codeOf)
  const extensible = codes.filter((code) => code.service !== undefined).map((code) => code.name)
  const found: Record<string, Json> = {}
  for (const [key, value] of Object.entries(written)) {
    if (fields.includes(key) || value === undefined) continue
    const place = [...path, key]
    const code = codes.find(({ name }) => name === key)
    if (code === undefined) {
      const meant = didYouMean(key, [...fields, ...extensible])
      issues.add(
        place,
        meant === undefined
          ? `no plugin here takes this key: add ${key}() to plugins, or remove the key`
          : `there is no such key: did you mean "${meant}"?`,
      )
    } else if (code.service === undefined) {
      issues.add(place, `${key}() takes nothing from a service: remove the key`)
    } else {
      const parsed = code.service.safeParse(value)
      if (!parsed.success) issues.addZod(place, parsed.error)
      // As it was written: the host parses it again, and a schema's output need not be its input.
      const plain = json.safeParse(JSON.parse(JSON.stringify(value)))
      if (plain.success) found[key] = plain.data
    }
  }
  return found
}
