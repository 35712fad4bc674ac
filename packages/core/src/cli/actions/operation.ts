import { AxleError } from '../../protocol/errors.ts'
import type { OperationRequest, RequestInput } from '../../protocol/wire.ts'
import type { CliContext } from '../context.ts'
import type { CheckedOptions } from '../options/check.ts'
import { planLines } from '../render/plan.ts'
import { askHost, query } from './ask.ts'
import { operate } from './operate.ts'
import { only } from './reach.ts'

type Input = Extract<RequestInput, { verb: OperationRequest['verb'] }>

/** What all operations have in common: started and watched, started and left, followed, or only planned. */
export async function operation(
  request: Input,
  options: CheckedOptions,
  context: CliContext,
  preview: () => Promise<number>,
): Promise<number> {
  refuseContradictions(options, 'release' in request && request.release !== undefined)
  if (options.attach) {
    const line = `axle ${request.verb} --attach`
    return operate({ verb: 'attach', what: 'operation', line, request: () => ({ verb: 'attach' }) }, options, context)
  }
  if (options.dryRun) return preview()
  const { verb } = request
  return operate({ verb, what: verb, line: `axle ${verb}`, request: () => request }, options, context)
}

/** The plan of an operation that needs nothing of this machine: no build, no files. */
export function preview(
  request: Exclude<Input, { verb: 'deploy' }>,
  options: CheckedOptions,
  context: CliContext,
): Promise<number> {
  const asked = {
    verb: 'preview',
    of: request.verb,
    ...only(options),
    ...('release' in request && request.release !== undefined ? { release: request.release } : {}),
  } as const
  return query('preview', options, context, async (connect) => {
    const { said, exit } = await askHost(connect, asked, 'plan', context.interrupted)
    return { json: said.answer, exit, lines: (style) => planLines(said.answer, style) }
  })
}

/** `--attach` follows what is there, as it is; a plan is neither watched nor waited for. */
function refuseContradictions(options: CheckedOptions, release: boolean): void {
  const { attach, detach, wait, now, dryRun, service } = options
  const given = Object.entries({ '--detach': detach, '--wait': wait, '--now': now, '--service': service !== undefined })
    .filter(([, is]) => is)
    .map(([flag]) => flag)
  const others = [...given, ...(dryRun ? ['--dry-run'] : []), ...(release ? ['a release'] : [])]
  if (attach && others.length > 0) {
    throw new AxleError(
      'AXLE_USAGE',
      `--attach follows the operation that is there: it does not go with ${others.join(', ')}.`,
    )
  }
  const watching = given.filter((flag) => flag === '--detach' || flag === '--wait')
  if (dryRun && watching.length > 0) {
    throw new AxleError('AXLE_USAGE', `--dry-run starts nothing: it does not go with ${watching.join(', ')}.`)
  }
}
