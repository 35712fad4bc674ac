import type { ResultEvent, ServiceResult } from '../../protocol/events.ts'
import { failureLines, quoted } from './failure.ts'
import { servingLines } from './serving.ts'
import type { Style } from './style.ts'
import { seconds } from './units.ts'

export interface ResultContext {
  /** Milliseconds that the whole took, as the viewer saw it. */
  readonly elapsed: number
  /** Last lines of the services' own logs: shown where the error itself brings none. */
  readonly serviceLog: readonly string[]
  readonly kind: string
}

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
  // The viewer left as it was told to.
  if (outcome === 'lost-viewer' && result.error === undefined) {
    return [
      `${style.ok} ${style.bold('Accepted')}: operation ${result.op} goes on on the host`,
      '  Follow it: axle deploy --attach',
      '  How it ended: axle status, axle history',
    ]
  }
  const words = {
    failed: 'failed',
    'rolled-back': 'was rolled back',
    cancelled: 'was cancelled',
    'lost-viewer': 'goes on',
  }
  const log = result.error?.output === undefined && context.serviceLog.length > 0
  return [
    ...(result.error === undefined ? [] : failureLines(result.error, style)),
    ...(log ? ['  last lines of its log:', ...quoted(context.serviceLog, style)] : []),
    `The ${context.kind} ${words[outcome]} after ${seconds(context.elapsed)}.`,
    ...servingLines(services, style),
  ]
}

function ended({ service, outcome, release = 'nothing', previous }: ServiceResult): string {
  if (outcome === 'unchanged') return `${service}: ${release}, unchanged`
  return `${service}: ${release} serves${previous === undefined ? '' : ` (before: ${previous})`}`
}
