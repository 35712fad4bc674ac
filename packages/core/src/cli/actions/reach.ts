import type { Verb } from '../../protocol/wire.ts'
import type { Connect, Note } from '../connect.ts'
import type { CliContext } from '../context.ts'
import { orInterrupted } from '../io/interrupt.ts'
import type { CheckedOptions } from '../options/check.ts'

/** The project and host that a command line means. */
export async function reach(
  verb: Verb,
  options: CheckedOptions,
  context: CliContext,
  onNote: (note: Note) => void,
): Promise<Connect> {
  const { service, config, host, identity, hostKey, project } = options
  const signal = context.interrupted
  const factory = await context.connect()
  return orInterrupted(
    factory({
      verb,
      cwd: context.cwd,
      signal,
      onNote,
      ...(context.prompt === undefined ? {} : { prompt: context.prompt }),
      ...(service === undefined ? {} : { services: service }),
      ...(config === undefined ? {} : { configPath: config }),
      ...(host === undefined ? {} : { host }),
      ...(identity === undefined ? {} : { identity }),
      ...(hostKey === undefined ? {} : { hostKey }),
      ...(project === undefined ? {} : { project }),
    }),
    signal,
  )
}

/** `services` of a request. */
export function only(options: CheckedOptions): { services?: string[] } {
  return options.service === undefined ? {} : { services: options.service }
}
