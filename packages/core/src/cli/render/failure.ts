import { CATALOGUE } from '../../protocol/error-catalogue.ts'
import { isErrorCode, type SerializedError } from '../../protocol/errors.ts'
import { oneLine, printable, printableLines } from './printable.ts'
import type { Style } from './style.ts'

/** What happened, why, and what to do next, in that order. `log`: lines that explain it where it brings none itself. */
export function failureLines(error: SerializedError, style: Style, log: readonly string[] = []): readonly string[] {
  const title = isErrorCode(error.code) ? CATALOGUE[error.code].title : 'Failed'
  const stamp = Object.entries(error.stamp ?? {}).map(([what, who]) => `${oneLine(what)} ${oneLine(who)}`)
  return [
    `${style.bad} ${style.bold(title)} ${style.dim(`(${printable(error.code)})`)}`,
    ...printableLines(error.message).map((line) => `  ${line}`),
    ...(error.where === undefined ? [] : [`  ${style.dim('at')} ${oneLine(error.where)}`]),
    ...(stamp.length === 0 ? [] : [`  ${style.dim('by')} ${stamp.join(', ')}`]),
    ...(error.output === undefined || error.output.trim() === '' ? [] : quoted(printableLines(error.output), style)),
    ...(log.length === 0 ? [] : ['  last lines of its log:', ...quoted(log, style)]),
    ...(error.hint === undefined
      ? []
      : printableLines(error.hint).map((line, at) => `${at === 0 ? style.yellow('→') : ' '} ${line}`)),
  ]
}

/** Lines that somebody else wrote. */
export function quoted(lines: readonly string[], style: Style): readonly string[] {
  return lines.map((line) => `  ${style.dim('│')} ${line}`)
}

/** A chain that is longer, or a circle, helps nobody. */
const DEEPEST = 8

/** What caused it, and what caused that: for --verbose. */
export function causeLines(error: Error, style: Style): readonly string[] {
  const lines: string[] = []
  let { cause } = error
  for (let depth = 0; cause !== undefined && cause !== null && depth < DEEPEST; depth++) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    lines.push(...printableLines(text).map((line, at) => `  ${at === 0 ? style.dim('caused by') : '  '} ${line}`))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return lines
}
