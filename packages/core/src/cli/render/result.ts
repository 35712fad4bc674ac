import type { ResultEvent, ServiceResult } from '../../protocol/events.ts'
import { failureLines, quoted } from './failure.ts'
import type { ServiceLog } from './service-log.ts'
import { servingLines } from './serving.ts'
import type { Style } from './style.ts'
import { seconds } from './units.ts'

export interface ResultContext {
  /** Milliseconds that the whole took, as the viewer saw it. */
  readonly elapsed: number
  /** What the services logged, where that has not been shown yet: it explains what an error without output does not. */
  readonly serviceLog?: ServiceLog
  readonly kind: string
}

const WORDS = {
  failed: 'failed',
  'rolled-back': 'was rolled back',
  cancelled: 'was cancelled',
  'lost-viewer': 'goes on',
} as const

/** How an operation ended. A failure ends with what serves now. */
export function resultLines(result: ResultEvent, context: ResultContext, style: Style): readonly string[] {
  const { outcome, services } = result
  if (outcome === 'unchanged') {
    const already = services.map((one) => `${one.service} already serves ${one.release ?? '?'}`)
    return [`${style.ok} Nothing to do${already.length === 0 ? '' : `: ${already.join(', ')}`}`]
  }
  if (outcome === 'done') {
    return [
      `${style.ok} ${style.bold('Done')} in ${seconds(context.elapsed)}`,
      ...services.map((one) => `  ${ended(one)}`),
    ]
  }
  if (wasLeft(result)) {
    return [
      `${style.ok} ${style.bold('Accepted')}: operation ${result.op} goes on on the host`,
      '  Follow it: axle deploy --attach',
      '  How it ended: axle status, axle history',
    ]
  }
  const log = result.error?.output === undefined ? logLines(result, context) : []
  return [
    ...(result.error === undefined ? [] : failureLines(result.error, style, log)),
    ...(result.error === undefined ? quoted(log, style) : []),
    `The ${context.kind} ${WORDS[outcome]} after ${seconds(context.elapsed)}.`,
    ...servingLines(services, style),
  ]
}

/** The one line of --quiet. */
export function resultLine(result: ResultEvent, { elapsed, kind }: ResultContext, style: Style): string {
  const { outcome, services } = result
  if (wasLeft(result)) return `${style.ok} accepted: operation ${result.op} goes on on the host`
  if (outcome === 'unchanged') return `${style.ok} ${kind}: nothing to do`
  const serving = services.map(({ service, release = 'nothing' }) => `${service} ${release}`).join(', ')
  return `${style.ok} ${kind} done in ${seconds(elapsed)}${serving === '' ? '' : `: ${serving}`}`
}

/** The viewer went as it was told to. */
function wasLeft({ outcome, error }: ResultEvent): boolean {
  return outcome === 'lost-viewer' && error === undefined
}

/** Nothing went wrong, as far as it is known. */
export function isGood(result: ResultEvent): boolean {
  return result.outcome === 'done' || result.outcome === 'unchanged' || wasLeft(result)
}

function logLines({ services }: ResultEvent, { serviceLog }: ResultContext): readonly string[] {
  const failed = services.filter(({ outcome }) => outcome !== 'done' && outcome !== 'unchanged')
  return serviceLog?.of(failed.map(({ service }) => service)) ?? []
}

function ended({ service, outcome, release = 'nothing', previous }: ServiceResult): string {
  if (outcome === 'unchanged') return `${service}: ${release}, unchanged`
  return `${service}: ${release} serves${previous === undefined ? '' : ` (before: ${previous})`}`
}
