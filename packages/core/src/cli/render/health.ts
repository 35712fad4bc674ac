import type { HealthAnswer } from '../../protocol/wire.ts'
import { columns } from './columns.ts'
import { fromHost } from './from-host.ts'
import { oneLine } from './printable.ts'
import type { Style } from './style.ts'
import { plural } from './units.ts'
import { width } from './width.ts'

export function healthLines(answer: HealthAnswer, style: Style): readonly string[] {
  const { healthy, checks } = fromHost(answer)
  const rows = checks.map((one) => [
    one.ok ? style.ok : style.bad,
    one.service ?? 'host',
    one.check,
    `${Math.round(one.ms)} ms`,
    oneLine(one.detail),
  ])
  const failing = checks.filter((one) => !one.ok).length
  const table = columns(rows)
  // Why a check failed is not for cutting.
  const full = checks.flatMap(({ ok, service = 'host', check, detail }, at) =>
    ok || width(table[at] ?? '') <= style.room
      ? []
      : [`  ${style.yellow('!')} ${service} ${check}: ${oneLine(detail)}`],
  )
  return [
    ...columns(rows, style.room, [0, 1, 3]),
    ...full,
    healthy
      ? style.bold(`Healthy: ${plural(checks.length, 'check')} passed.`)
      : style.bold(`Not healthy: ${failing} of ${plural(checks.length, 'check')} failed.`),
  ]
}
