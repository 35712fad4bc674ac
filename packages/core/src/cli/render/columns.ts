import { cut, pad, width } from './width.ts'

/** A column is never cut below this. */
const LEAST = 8

/**
 * Rows under each other, two spaces between columns. Where they are wider than `room`, the widest columns are cut; those
 * of `whole` (numbers of columns) are not, because half a release's name is of no use to anybody.
 */
export function columns(
  rows: readonly (readonly string[])[],
  room: number = Number.POSITIVE_INFINITY,
  whole: readonly number[] = [],
): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, width(cell))
  }
  const fitted = fit(widths, room, whole)
  return rows.map((row) =>
    row
      .map((cell, at) => pad(cut(cell, fitted[at] ?? 0), fitted[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function fit(widths: readonly number[], room: number, whole: readonly number[]): readonly number[] {
  const fitted = [...widths]
  let excess = fitted.reduce((sum, one) => sum + one, 0) + 2 * (fitted.length - 1) - room
  for (; excess > 0; excess--) {
    const widest = fitted.reduce(
      (best, one, at) => (!whole.includes(at) && one > Math.max(LEAST, fitted[best] ?? 0) ? at : best),
      -1,
    )
    if (widest === -1) break
    fitted[widest] = (fitted[widest] ?? 0) - 1
  }
  return fitted
}
