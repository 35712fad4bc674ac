import * as z from 'zod'

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

export type DurationUnit = keyof typeof UNITS
/** A length of time as people write it: `500ms`, `30s`, `5m`, `2h`, `1d`. */
export type Duration = `${number}${DurationUnit}`

const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

function isUnit(text: string | undefined): text is DurationUnit {
  return text !== undefined && text in UNITS
}

/** Milliseconds of a duration, or `undefined` where the text is none. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = PATTERN.exec(text) ?? []
  return amount === undefined || !isUnit(unit) ? undefined : Math.round(Number(amount) * UNITS[unit])
}

/** Input: a {@link Duration}. Output: milliseconds. */
export const duration = z
  .templateLiteral([z.number(), z.enum(['ms', 's', 'm', 'h', 'd'])], 'expected a duration such as "30s" or "5m"')
  .transform((text, context) => {
    const milliseconds = parseDuration(text)
    if (milliseconds !== undefined) return milliseconds
    context.addIssue({ code: 'custom', message: `expected a duration such as "30s" or "5m", not "${text}"` })
    return z.NEVER
  })
