import type { LogLine } from '../../protocol/wire.ts'
import { printableLines } from './printable.ts'
import type { Style } from './style.ts'

export function logText(line: LogLine, style: Style): string {
  const who = line.slot === undefined ? line.service : `${line.service}/${line.slot}`
  return `${style.dim(line.time)} ${style.cyan(who)} ${printableLines(line.message).join('\n    ')}`
}
