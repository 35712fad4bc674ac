import * as z from 'zod'
import { hostAddress, hostFields } from '../../define/config.ts'
import { domainName, projectName, serviceName } from '../../define/names.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { Invocation } from '../context.ts'

const count = z
  .string()
  .regex(/^\d{1,6}$/, 'expected a whole number')
  .transform(Number)
const text = z.string().min(1, 'expected a value')
const flag = z.boolean().default(false)

/** What each option's value must be. The rules of names and addresses are those of the config. */
const FIELDS = {
  json: flag,
  quiet: flag,
  verbose: flag,
  color: z.boolean().default(true),
  host: hostAddress.optional(),
  identity: text.optional(),
  hostKey: hostFields.shape.hostKey,
  config: text.optional(),
  project: projectName.optional(),
  service: z.array(serviceName).optional(),
  now: flag,
  dryRun: flag,
  attach: flag,
  detach: flag,
  wait: flag,
  restart: flag,
  follow: flag,
  lines: count.default(100),
  since: text.refine((value) => !value.startsWith('-'), 'expected a time such as "10 min ago"').optional(),
  name: serviceName.optional(),
  domain: domainName.optional(),
  yes: flag,
  limit: count.refine((value) => value > 0, 'expected at least 1').default(20),
} as const

const options = z
  .strictObject(FIELDS)
  .refine(({ quiet, verbose }) => !(quiet && verbose), { path: ['quiet'], message: 'not together with --verbose' })
export type CheckedOptions = z.output<typeof options>

export function checkOptions(invocation: Invocation): CheckedOptions {
  const parsed = options.safeParse(invocation.options)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map((issue) => {
    const [key] = issue.path
    const value = invocation.options[String(key)]
    return `${flagOf(String(key))}${typeof value === 'boolean' ? '' : ` ${quote(value)}`}: ${issue.message}`
  })
  throw new AxleError('AXLE_USAGE', wrong.join('\n'))
}

/** One positional argument, by the rule of the thing that it names. */
export function checkArgument<T>(name: string, value: unknown, rule: z.ZodType<T>): T {
  const parsed = rule.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AxleError('AXLE_USAGE', `${name} ${quote(value)}: ${issue?.message ?? 'not valid'}`)
}

function quote(value: unknown): string {
  return Array.isArray(value) ? value.map((item) => `"${String(item)}"`).join(' ') : `"${String(value)}"`
}

function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
