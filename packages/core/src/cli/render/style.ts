import pc from 'picocolors'
import { columnsOf, type Io, type Output } from '../io/io.ts'

/** Colours, marks and width of one output. Where there are no colours the marks alone tell. */
export interface Style {
  readonly ok: string
  readonly bad: string
  /** Columns that a line may take; without end where nobody looks. */
  readonly room: number
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

/**
 * https://no-color.org and https://force-color.org: any value that is not empty counts, and NO_COLOR most. `--no-color`
 * is NO_COLOR (io/io.ts).
 */
export function styleOf(io: Pick<Io, 'env'>, output: Output): Style {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.env
  const forced = (FORCE_COLOR ?? '') !== '' && FORCE_COLOR !== '0'
  const coloured = (NO_COLOR ?? '') === '' && (forced || (output.isTTY === true && TERM !== 'dumb'))
  return style(coloured, output.isTTY === true ? columnsOf(output) : Number.POSITIVE_INFINITY)
}

export function style(coloured: boolean, room: number = Number.POSITIVE_INFINITY): Style {
  const { bold, dim, red, green, yellow, cyan } = pc.createColors(coloured)
  return { bold, dim, red, green, yellow, cyan, ok: green('✓'), bad: red('✗'), room }
}
