import { AxleError } from '../../protocol/errors.ts'
import type { Connect } from '../connect.ts'
import type { CheckedOptions } from '../options/check.ts'

/** The service that is meant where there can be only one. `line` is what was typed, without `--service`. */
export function oneService(connect: Connect, options: CheckedOptions, why: string, line: string): string {
  const candidates = options.service ?? connect.services
  const [service] = candidates
  if (service !== undefined && candidates.length === 1) return service
  const [command = '', ...rest] = line.split(' -- ')
  throw new AxleError('AXLE_USAGE', `${why}; this project has ${connect.services.join(', ')}.`, {
    hint: connect.services.map((name) => [`${command} --service ${name}`, ...rest].join(' -- ')).join('\n'),
  })
}
