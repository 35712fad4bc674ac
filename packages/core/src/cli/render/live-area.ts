import { columnsOf, type Output } from '../io/io.ts'
import { cut, width } from './width.ts'

/**
 * Lines at the end of the screen that are drawn again and again. The cursor is never hidden: whatever ends the process,
 * the terminal is as it was.
 */
export class LiveArea {
  readonly #out: Output
  #drawn: readonly string[] = []

  constructor(out: Output) {
    this.#out = out
  }

  /** Columns that a line may take: one less than there are, for terminals that wrap a full line at once. */
  get room(): number {
    return columnsOf(this.#out) - 1
  }

  /** Puts `above` there for good and `live` below it, in one write so that nothing flickers. */
  draw(above: readonly string[], live: readonly string[]): void {
    const erase = this.#erase()
    // Lines that have left the screen cannot be erased any more.
    const most = Math.max(1, (this.#out.rows || 24) - 2)
    const shown = live.length > most ? [...live.slice(0, most - 1), `… and ${live.length - most + 1} more`] : live
    this.#drawn = shown.map((line) => cut(line, this.room))
    const text = [...above, ...this.#drawn].map((line) => `${line}\n`).join('')
    if (erase !== '' || text !== '') this.#out.write(erase + text)
  }

  /** A terminal that became narrower since has wrapped what was drawn. */
  #erase(): string {
    const columns = columnsOf(this.#out)
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns)), 0)
    // From the first column: a terminal echoes ^C and moves the cursor.
    return rows === 0 ? '' : `\r\u001b[${rows}A\u001b[0J`
  }
}
