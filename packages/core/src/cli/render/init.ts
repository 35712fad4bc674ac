import type { Initialized } from '../initialize.ts'
import { columns } from './columns.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

/** What was found, written and installed, what to look at, and what to run next. */
export function initLines(
  { file, written, found, installed, notes, next }: Initialized,
  style: Style,
): readonly string[] {
  const rows = [
    ['service', found.name],
    ['framework', found.framework ?? 'none that is known'],
    ...(found.build === undefined ? [] : [['build', found.build]]),
    ['start', found.start],
    ['port', found.port === undefined ? 'none: a worker' : String(found.port)],
    ...(found.health === undefined ? [] : [['health', found.health]]),
    ...(found.include.length === 0 ? [] : [['include', found.include.join(', ')]]),
    ...(found.secrets.length === 0 ? [] : [['secrets', found.secrets.join(', ')]]),
  ]
  return [
    written ? `${style.ok} ${file} is written.` : `${file} is not written: this was --dry-run.`,
    ...(installed.length === 0 ? [] : [`${style.ok} ${installed.join(', ')} installed with ${found.packageManager}.`]),
    '',
    ...columns(rows.map(([name = '', value = '']) => [`  ${style.dim(name)}`, printable(value)])),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `${style.yellow('!')} ${printable(note)}`)]),
    '',
    'Next:',
    ...next.map((line) => `  ${style.bold(printable(line))}`),
  ]
}
