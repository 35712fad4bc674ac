import { CATALOGUE } from '../../protocol/error-catalogue.ts'
import { isErrorCode, type SerializedError } from '../../protocol/errors.ts'
import { printable, printableLines } from './printable.ts'
import type { Style } from './style.ts'

/** What happened, why, and what to do next, in that order. */
export function failureLines(error: SerializedError, style: Style): readonly string[] {
  const title = isErrorCode(error.code) ? CATALOGUE[error.code].title : 'Failed'
  const stamp = Object.entries(error.stamp ?? {}).map(([what, who]) => `${what} ${printable(who)}`)
  return [
    `${style.bad} ${style.bold(title)} ${style.dim(`(${error.code})`)}`,
    ...printableLines(error.message).map((line) => `  ${line}`),
    ...(error.where === undefined ? [] : [`  ${style.dim('at')} ${printable(error.where)}`]),
    ...(stamp.length === 0 ? [] : [`  ${style.dim('by')} ${stamp.join(', ')}`]),
    ...(error.output === undefined || error.output.trim() === '' ? [] : quoted(printableLines(error.output), style)),
    ...(error.hint === undefined
      ? []
      : printableLines(error.hint).map((line, at) => `${at === 0 ? style.yellow('→') : ' '} ${line}`)),
  ]
}

/** Lines that somebody else wrote. */
export function quoted(lines: readonly string[], style: Style): readonly string[] {
  return lines.map((line) => `  ${style.dim('│')} ${line}`)
}
