import type * as z from 'zod'
import type { serviceFields } from '../../define/service.ts'
import type { EnvValue } from '../../protocol/service.ts'
import type { Issues, Path } from './issues.ts'

const OURS = /^(?:PORT|AXLE_.*)$/

/** Plain values and references; a reference without a name is to the variable's own. */
export function resolveEnv(
  env: z.output<typeof serviceFields.env>,
  path: Path,
  issues: Issues,
): Record<string, EnvValue> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      const place = [...path, 'env', name]
      if (OURS.test(name)) issues.add(place, 'Axle sets it itself, for each slot: choose another name')
      if (typeof value === 'string') {
        if (value.includes('\0')) issues.add(place, 'a value may not contain a NUL character')
        return [name, value]
      }
      return [name, { secret: value.secret ?? name, optional: value.optional }]
    }),
  )
}
