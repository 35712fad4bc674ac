import type { Event } from '../../protocol/events.ts'
import { printableLines } from './printable.ts'
import type { Style } from './style.ts'

/** What the engine, a plugin or a hook said. Debugging words are for --verbose. */
export function logLines(
  { level, source, service, message }: Extract<Event, { type: 'log' }>,
  style: Style,
  verbose: boolean,
): readonly string[] {
  if (level === 'debug' && !verbose) return []
  if (source === 'service') return printableLines(message).map((line) => `${service ?? 'service'} | ${line}`)
  const paint = { debug: style.dim, info: style.dim, warning: style.yellow, error: style.red }[level]
  const word = level === 'info' ? '' : `${level}: `
  return printableLines(message).map((line) => paint(`${word}${source}: ${line}`))
}
