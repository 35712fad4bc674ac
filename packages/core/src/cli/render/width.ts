import measure from 'fast-string-truncated-width'

/** Columns that `text` takes on a terminal: wide characters and emoji two, colours none. */
export function width(text: string): number {
  return measure(text).width
}

/** `text` in at most `room` columns; what does not fit becomes `…`. */
export function cut(text: string, room: number): string {
  const { index, truncated } = measure(text, { limit: Math.max(1, room), ellipsis: '…', ellipsisWidth: 1 })
  if (!truncated) return text
  // A colour that was begun must not go on behind the place where it was cut.
  return `${text.slice(0, index)}…${text.includes('\u001b') ? '\u001b[0m' : ''}`
}

export function pad(text: string, room: number): string {
  return text + ' '.repeat(Math.max(0, room - width(text)))
}
