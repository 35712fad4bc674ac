import { oneLine, printableLines } from './printable.ts'

/** What may have several lines. Everything else, a name or a number of a release, has its place in one. */
const TEXTS: ReadonlySet<string> = new Set(['message', 'output', 'hint', 'text', 'from', 'to'])

/** What a host says, for a terminal: in no text of it is anything that could move the cursor or look like a line of ours. */
export function fromHost<T>(said: T): T {
  return JSON.parse(JSON.stringify(said), (key, value: unknown) => {
    if (typeof value !== 'string') return value
    return TEXTS.has(key) ? printableLines(value).join('\n') : oneLine(value)
  })
}
