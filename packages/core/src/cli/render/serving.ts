import type { AxleError } from '../../protocol/errors.ts'
import type { ServiceResult } from '../../protocol/events.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { Style } from './style.ts'

const AS_BEFORE = 'Nothing was changed: what served before still serves.'

/** What serves after an operation that did not succeed: the question that everybody has then. */
export function servingLines(services: readonly ServiceResult[], style: Style): readonly string[] {
  if (services.length === 0) return [AS_BEFORE]
  return [style.bold('Serving now:'), ...services.map((one) => `  ${serving(one)}`)]
}

function serving({ service, outcome, release }: ServiceResult): string {
  if (release === undefined) return `${service}: nothing`
  if (outcome === 'done') return `${service}: ${release}, the new release`
  return `${service}: ${release}, as before`
}

/** An operation whose result never came. */
export interface Unfinished {
  /** In words: `deploy`. */
  readonly what: string
  /** The way to the host had been found. */
  readonly asked: boolean
  /** The host had taken it over. */
  readonly accepted: boolean
  /** A secret was changed before. */
  readonly valueSet: boolean
  /** What the host said afterwards, where it could be asked. */
  readonly services: readonly ServiceResult[]
}

export function unfinishedLines(
  error: AxleError,
  { what, asked, accepted, valueSet, services }: Unfinished,
  style: Style,
): readonly string[] {
  if (services.length > 0)
    return [style.bold('Serving now:'), ...services.map((one) => `  ${one.service}: ${one.release ?? 'nothing'}`)]
  if (accepted)
    return [
      error.exit === EXIT.interrupted && (what === 'deploy' || what === 'rollback')
        ? 'What served before serves on, until the new release is verified there.'
        : 'What serves now only the host knows: axle status',
    ]
  if (asked && error.exit === EXIT.interrupted)
    return ['The host had not said that it began: what served before serves, unless axle status shows otherwise.']
  return [valueSet ? 'The value is changed; what served before still serves.' : AS_BEFORE]
}
