import type { LogLine } from '../../protocol/wire.ts'
import { fromHost } from './from-host.ts'
import { printableLines } from './printable.ts'
import type { Style } from './style.ts'

export function logText(said: LogLine, style: Style): string {
  const line = fromHost(said)
  const who = line.slot === undefined ? line.service : `${line.service}/${line.slot}`
  return `${style.dim(line.time)} ${style.cyan(who)} ${printableLines(line.message).join('\n    ')}`
}
