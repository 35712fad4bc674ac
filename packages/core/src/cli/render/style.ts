import pc from 'picocolors'
import type { Io, Output } from '../io/io.ts'

/** Colours and marks of one output. Where there are no colours the marks alone tell. */
export interface Style {
  readonly ok: string
  readonly bad: string
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

/** https://no-color.org and https://force-color.org: any value that is not empty counts. */
export function styleOf(io: Pick<Io, 'env'>, output: Output): Style {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.env
  const forced = (FORCE_COLOR ?? '') !== '' && FORCE_COLOR !== '0'
  return style((NO_COLOR ?? '') === '' && (forced || (output.isTTY === true && TERM !== 'dumb')))
}

export function style(coloured: boolean): Style {
  const { bold, dim, red, green, yellow, cyan } = pc.createColors(coloured)
  return { bold, dim, red, green, yellow, cyan, ok: green('✓'), bad: red('✗') }
}
