import type { ServiceResult } from '../../protocol/events.ts'
import type { Style } from './style.ts'

/** What serves after an operation that did not succeed: the question that everybody has then. */
export function servingLines(services: readonly ServiceResult[], style: Style): readonly string[] {
  if (services.length === 0) return []
  return [style.bold('Serving now:'), ...services.map((one) => `  ${serving(one)}`)]
}

function serving({ service, outcome, release }: ServiceResult): string {
  if (release === undefined) return `${service}: nothing`
  if (outcome === 'done') return `${service}: ${release}, the new release`
  return `${service}: ${release}, as before`
}
