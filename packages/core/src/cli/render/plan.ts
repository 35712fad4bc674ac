import type { Plan, PlannedChange, PlannedService } from '../../protocol/plan.ts'
import { columns } from './columns.ts'
import { fromHost } from './from-host.ts'
import { oneLine, printableLines } from './printable.ts'
import type { Style } from './style.ts'
import { plural, size } from './units.ts'
import { cut } from './width.ts'

const MARKS = { create: '+', update: '~', remove: '-', none: '=' } as const
const LONGEST = 60

/** The whole plan as text: services, then what changes on the host, then the sum. */
export function planLines(said: Plan, style: Style): readonly string[] {
  const plan = fromHost(said)
  return [
    ...plan.services.flatMap((service) => [...serviceLines(service, style), '']),
    ...changeLines(plan.changes, style),
    ...(plan.changes.length === 0 ? [] : ['']),
    ...(plan.handlers.length === 0 ? [] : [`Then: ${plan.handlers.join(', ')}`, '']),
    summary(plan, style),
  ]
}

function serviceLines(planned: PlannedService, style: Style): readonly string[] {
  const { service, action, release, previous, slot, gap, files, bytes, missing } = planned
  const now = previous === undefined ? 'nothing serves' : `now ${previous}`
  const head =
    action === 'unchanged'
      ? `${style.dim('unchanged')}, ${release} serves`
      : `${action} ${release} into slot ${slot} (${now})`
  if (action === 'unchanged') return [`${style.bold(service)}: ${head}`]
  if (action === 'stop')
    return [`${style.bold(service)}: stop ${release}; it is away until start, restart, rollback or the next deploy`]
  const upload = missing.files === 0 ? 'nothing to upload' : `${missing.files} to upload (${size(missing.bytes)})`
  return [
    `${style.bold(service)}: ${head}`,
    `  ${plural(files, 'file')} (${size(bytes)}), ${upload}`,
    previous === undefined
      ? '  nothing is interrupted'
      : gap
        ? `  ${style.yellow('gap')}: stops, then starts; it is away in between`
        : '  no gap: starts beside the release that serves',
  ]
}

function changeLines(changes: readonly PlannedChange[], style: Style): readonly string[] {
  const paint = { create: style.green, update: style.yellow, remove: style.red, none: style.dim }
  const rows = changes.map(({ action, resource, phase, reason }) => {
    const why =
      action === 'none'
        ? (reason ?? 'as wanted')
        : `${action}, ${phase} the switch`.replace('switch the switch', 'at the switch')
    return [paint[action](`${MARKS[action]} ${resource.kind} ${oneLine(resource.id)}`), style.dim(why)]
  })
  const heads = columns(rows, style.room, [0])
  return changes.flatMap((change, at) => [
    heads[at] ?? '',
    ...change.changes.map((one) => cut(`    ${oneLine(one.aspect)}: ${difference(one)}`, style.room)),
  ])
}

function difference({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): string {
  if (from === undefined && to === undefined) return 'differs'
  if (from === undefined) return short(to ?? '')
  return `${short(from)} → ${to === undefined ? 'nothing' : short(to)}`
}

/** A file's whole text does not belong into a list. */
function short(text: string): string {
  const [line = '', ...more] = printableLines(text)
  return more.length > 0 ? `${cut(line, LONGEST - 1)}…` : cut(line, LONGEST)
}

function summary({ services, changes }: Plan, style: Style): string {
  const count = (action: PlannedChange['action']) => changes.filter((one) => one.action === action).length
  const deploys = services.filter((one) => one.action !== 'unchanged').length
  const changing = count('create') + count('update') + count('remove')
  if (deploys === 0 && changing === 0) return `${style.ok} Nothing to do: the host is as the config says.`
  const what = deploys === 0 ? 'no release' : plural(deploys, 'release')
  return style.bold(
    `Plan: ${what}; ${count('create')} to create, ${count('update')} to update, ${count('remove')} to remove, ${count('none')} as wanted.`,
  )
}
