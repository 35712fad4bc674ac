import type { HistoryAnswer, OperationSummary } from '../../protocol/wire.ts'
import { columns } from './columns.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'
import { seconds } from './units.ts'

export function historyLines({ operations }: HistoryAnswer, style: Style): readonly string[] {
  if (operations.length === 0) return ['No operation yet.']
  const head = ['WHEN', 'WHAT', 'WHO', 'OUTCOME', 'TOOK', 'RELEASES'].map((cell) => style.dim(cell))
  return columns([head, ...operations.map((one) => row(one, style))])
}

function row(
  { startedAt, endedAt, kind, actor, outcome, services, error }: OperationSummary,
  style: Style,
): readonly string[] {
  const good = outcome === 'done' || outcome === 'unchanged'
  const releases = services.map((one) => `${one.service} ${one.release ?? '-'}`).join(', ')
  return [
    startedAt.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    kind,
    `${actor.user}@${actor.host}${actor.commit === undefined ? '' : ` ${actor.commit.slice(0, 8)}${actor.dirty === true ? '+' : ''}`}`,
    good ? style.green(outcome) : style.red(outcome),
    endedAt === undefined ? '-' : seconds(Date.parse(endedAt) - Date.parse(startedAt)),
    error === undefined
      ? releases
      : `${releases}${releases === '' ? '' : '  '}${style.dim(error.code)}: ${printable(error.message.split('\n')[0] ?? '')}`,
  ]
}
