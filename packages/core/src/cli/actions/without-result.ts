import { AxleError } from '../../protocol/errors.ts'

/** How far an operation had come. */
interface Far {
  /** The way to the host had been found. */
  readonly asked: boolean
  /** The host had taken it over. */
  readonly accepted: boolean
  /** It stood in line. */
  readonly waiting: boolean
}

/** A link that died took nothing with it: what the host has accepted, it ends. */
export function lost(error: AxleError, what: string, accepted: boolean): AxleError {
  if (error.code !== 'AXLE_CONNECTION_LOST' || !accepted) return error
  return new AxleError(error.code, `${error.message} The ${what} is still going on the host.`, {
    hint: 'Watch it again: axle deploy --attach. Or see how it ended: axle status',
    ...(error.output === undefined ? {} : { output: error.output }),
    cause: error,
  })
}

export function interrupted(
  { what, line }: { readonly what: string; readonly line: string },
  { asked, accepted, waiting }: Far,
): AxleError {
  if (accepted)
    return new AxleError('AXLE_INTERRUPTED', `Interrupted: the ${what} goes on on the host.`, {
      hint: 'Follow it again: axle deploy --attach. See how it ends: axle status',
    })
  if (waiting)
    return new AxleError('AXLE_INTERRUPTED', `Interrupted while it waited: no ${what} was started.`, {
      hint: 'See what it waited for: axle status',
    })
  if (asked)
    return new AxleError('AXLE_INTERRUPTED', `Interrupted before the host had accepted the ${what}.`, {
      hint: 'Make sure that nothing was started: axle status',
    })
  return new AxleError('AXLE_INTERRUPTED', `Interrupted before the host was asked for a ${what}.`, {
    hint: `Nothing was started. Again: ${line}`,
  })
}
