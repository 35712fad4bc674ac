import type * as z from 'zod'
import type { ErrorCode } from '../../protocol/error-catalogue.ts'
import { AxleError } from '../../protocol/errors.ts'
import { didYouMean } from './spelling.ts'

export type Path = readonly PropertyKey[]

export interface Issue {
  readonly code: ErrorCode
  /** `services[1].route`; empty for the config as a whole. */
  readonly path: string
  readonly message: string
}

export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    const name = String(part)
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`
    return text === '' ? name : `${text}.${name}`
  }, '')
}

/** All mistakes of a config, so that one run names them all. */
export class Issues {
  readonly #found: Issue[] = []

  get all(): readonly Issue[] {
    return this.#found
  }

  add(path: Path, message: string, code: ErrorCode = 'AXLE_CONFIG_INVALID'): void {
    this.#found.push({ code, path: formatPath(path), message })
  }

  /**
   * What zod found, under `base`. `keys` are what an object may have, for a misspelt one; `given` is what was parsed,
   * where it may be shown.
   */
  addZod(base: Path, error: z.ZodError, keys: readonly string[] = [], given?: unknown): void {
    for (const issue of error.issues) {
      const path = [...base, ...issue.path]
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) this.add([...path, key], unknownKey(key, issue.path.length === 0 ? keys : []))
      } else if (issue.code === 'invalid_union') {
        this.add(path, `${unionMessage(issue)}${shown(given, issue.path)}`)
      } else {
        this.add(path, `${issue.message}${shown(given, issue.path)}`)
      }
    }
  }

  /** Throws one error that names every mistake, if there is any. */
  throwIfAny(file: string): void {
    const [first, ...others] = this.#found
    if (first === undefined) return
    const lines = this.#found.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    const sameCode = others.every(({ code }) => code === first.code)
    throw new AxleError(
      sameCode ? first.code : 'AXLE_CONFIG_INVALID',
      others.length === 0
        ? `${file}: ${lines.join('')}`
        : `${file} has ${this.#found.length} mistakes:\n${lines.map((line) => `  ${line}`).join('\n')}`,
      first.path === '' ? {} : { where: first.path },
    )
  }
}

export function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known)
  return meant === undefined ? 'there is no such key: remove it' : `there is no such key: did you mean "${meant}"?`
}

const LONGEST = 60

/** What stands at that place, where it is short. What a service's environment holds is nobody's business. */
function shown(given: unknown, path: Path): string {
  if (path.includes('env')) return ''
  const value = path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
    given,
  )
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
  const text = isPlain ? JSON.stringify(value) : ''
  return text === '' || text.length > LONGEST ? '' : `; it is ${text}`
}

/** The alternatives' own words, where there are some: zod's "Invalid input" helps nobody. */
function unionMessage(issue: z.core.$ZodIssueInvalidUnion): string {
  const messages = issue.errors.flatMap((errors) => errors.map(({ message }) => message))
  const ours = [...new Set(messages.filter((message) => !message.startsWith('Invalid input')))]
  const [first] = ours.length > 0 ? ours : messages
  return first ?? issue.message
}
