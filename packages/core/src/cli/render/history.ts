import type { HistoryAnswer, OperationSummary } from '../../protocol/wire.ts'
import { columns } from './columns.ts'
import { fromHost } from './from-host.ts'
import { oneLine } from './printable.ts'
import type { Style } from './style.ts'
import { age, seconds } from './units.ts'
import { cut, width } from './width.ts'

export function historyLines({ operations }: HistoryAnswer, style: Style, now: Date): readonly string[] {
  if (operations.length === 0) return ['No operation yet. The first: axle deploy']
  const head = ['WHEN', 'WHAT', 'WHO', 'OUTCOME', 'TOOK', 'RELEASES'].map((cell) => style.dim(cell))
  const rows = operations.map((one) => row(fromHost(one), style, now))
  const table = columns([head, ...rows], style.room, [0, 1, 3, 4])
  if (table.every((line) => width(line) <= style.room)) return table
  // No room for a table: two lines each.
  return rows.flatMap(([when = '', what = '', who = '', outcome = '', took = '', releases = '']) => [
    cut(`${when}  ${what}  ${outcome}  ${took}`, style.room),
    cut(`    ${who}  ${releases}`, style.room),
  ])
}

function row(
  { startedAt, endedAt, kind, actor, outcome, services, error }: OperationSummary,
  style: Style,
  now: Date,
): readonly string[] {
  const good = outcome === 'done' || outcome === 'unchanged'
  const releases = services.map((one) => `${one.service} ${one.release ?? '-'}`).join(', ')
  return [
    `${age(startedAt, now)} ago`,
    kind,
    `${actor.user}@${actor.host}${actor.commit === undefined ? '' : ` ${actor.commit.slice(0, 8)}${actor.dirty === true ? '+' : ''}`}`,
    good ? style.green(outcome) : style.red(outcome),
    endedAt === undefined ? '-' : seconds(Date.parse(endedAt) - Date.parse(startedAt)),
    error === undefined
      ? releases
      : `${releases}${releases === '' ? '' : '  '}${style.dim(error.code)}: ${oneLine(error.message)}`,
  ]
}
