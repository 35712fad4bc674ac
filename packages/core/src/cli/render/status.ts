import type { OperationSummary, StatusAnswer } from '../../protocol/wire.ts'
import { columns } from './columns.ts'
import { failureLines } from './failure.ts'
import { fromHost } from './from-host.ts'
import { oneLine } from './printable.ts'
import type { Style } from './style.ts'
import { age } from './units.ts'
import { width } from './width.ts'

type ServiceStatus = StatusAnswer['services'][number]

export function statusLines(answer: StatusAnswer, style: Style, now: Date): readonly string[] {
  const { project, host, gateway, services, operation } = fromHost(answer)
  const rows = services.map((one) => [
    one.release === undefined ? style.dim('-') : one.healthy ? style.ok : style.bad,
    one.service,
    one.release ?? '-',
    one.live === undefined ? '-' : `slot ${one.live.slot}${one.live.port === undefined ? '' : `:${one.live.port}`}`,
    stateOf(one, now),
    one.route ?? '-',
  ])
  const head = ['', 'SERVICE', 'RELEASE', 'SLOT', 'STATE', 'ROUTE'].map((cell) => style.dim(cell))
  const nothing = services.every(({ release }) => release === undefined)
  return [
    `${style.bold(project)} on ${host}${gateway === undefined ? '' : `, gateway ${gateway}`}`,
    '',
    ...table([head, ...rows], style.room),
    ...services.flatMap((one) => remarks(one, style)),
    '',
    ...(operation === undefined ? ['No operation yet.'] : operationLines(operation, style, now)),
    ...(nothing && operation?.outcome !== 'running'
      ? [`${style.yellow('→')} Nothing is deployed yet: axle deploy`]
      : []),
  ]
}

/** A table; where that is too wide, two lines a service: none of it can be spared. */
function table(rows: readonly (readonly string[])[], room: number): readonly string[] {
  const lines = columns(rows)
  if (lines.every((line) => width(line) <= room)) return lines
  return rows
    .slice(1)
    .flatMap(([mark, service, release, ...rest]) => [
      `${mark} ${service}  ${release}`,
      `    ${rest.filter((cell) => cell !== '-').join(', ')}`,
    ])
}

function stateOf({ live, stopped }: ServiceStatus, now: Date): string {
  if (live === undefined) return 'never deployed'
  if (stopped !== undefined) return `stopped for ${age(stopped.since, now)}`
  const since = live.since === undefined ? '' : ` for ${age(live.since, now)}`
  const restarts = live.restarts === undefined || live.restarts === 0 ? '' : `, ${live.restarts} restarts`
  return `${live.state}${since}${restarts}`
}

function remarks(
  { service, reason, other, draining, releases, release }: ServiceStatus,
  style: Style,
): readonly string[] {
  const earlier = releases.filter((one) => one !== release)
  const busy = other !== undefined && other.state !== 'inactive'
  return [
    ...(reason === undefined || release === undefined ? [] : [`  ${style.yellow('!')} ${service}: ${oneLine(reason)}`]),
    ...(busy
      ? [`  ${service}: slot ${other.slot} (${other.release ?? 'no release'}) is ${other.state}${drainText(draining)}`]
      : []),
    ...(earlier.length === 0 ? [] : [style.dim(`  ${service}: can go back to ${earlier.join(', ')}`)]),
  ]
}

function drainText(draining: number | undefined): string {
  if (draining === undefined) return ''
  return draining === 1 ? ', drains 1 connection' : `, drains ${draining} connections`
}

function operationLines(operation: OperationSummary, style: Style, now: Date): readonly string[] {
  const { kind, outcome, actor, startedAt, endedAt, error, id } = operation
  const when = outcome === 'running' ? `for ${age(startedAt, now)}` : `${age(endedAt ?? startedAt, now)} ago`
  const verb = outcome === 'running' ? 'Under way' : 'Last operation'
  return [
    `${verb}: ${kind} by ${actor.user}@${actor.host}, ${style.bold(outcome)}, ${when} ${style.dim(`(${id})`)}`,
    ...(error === undefined ? [] : failureLines(error, style)),
  ]
}
