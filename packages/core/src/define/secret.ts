import * as z from 'zod'
import { variableName } from './names.ts'

/** A reference to a value that only the host keeps. It never holds the value itself. */
export const secretReference = z.strictObject({
  secret: variableName.optional(),
  optional: z.boolean().default(false),
})

export type SecretReference = z.input<typeof secretReference>

export interface SecretOptions {
  /** Without it, a deploy stops before anything is touched as long as the host has no value. */
  readonly optional?: boolean
}

/**
 * `secret()` takes the name of the variable it stands for; `secret('OTHER')` names another one.
 * The value is given with `axle env set NAME`, and lives in a root-only file on the host.
 */
export function secret(name?: string, options?: SecretOptions): SecretReference
export function secret(options?: SecretOptions): SecretReference
export function secret(first?: string | SecretOptions, second?: SecretOptions): SecretReference {
  const name = typeof first === 'string' ? first : undefined
  const options = typeof first === 'string' ? second : first
  return { ...(name === undefined ? {} : { secret: name }), optional: options?.optional ?? false }
}
