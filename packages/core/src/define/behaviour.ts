import * as z from 'zod'
import { json } from '../protocol/json.ts'

/**
 * Anything in a config that has behaviour is JSON `{kind, options}` with its code under a symbol: JSON.stringify drops
 * symbols, so what is hashed, shipped, planned and recorded is data. `Symbol.for` keeps two copies of this package
 * (the project's and a plugin's) one.
 */
const CODE: unique symbol = Symbol.for('axle.code')

export const behaviour = z.object({ kind: z.string(), options: json })
export type Behaviour = z.output<typeof behaviour>

export interface WithCode<C> {
  readonly [CODE]: C
}

export function withCode<const D extends Behaviour, C>(data: D, code: C): D & WithCode<C> {
  return { ...data, [CODE]: code }
}

/** The code that a piece of a config carries. */
export function codeOf<C>(value: WithCode<C>): C {
  return value[CODE]
}

export function hasCode(value: unknown): value is Behaviour & WithCode<unknown> {
  return typeof value === 'object' && value !== null && CODE in value
}
