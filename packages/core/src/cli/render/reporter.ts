import type { AxleError } from '../../protocol/errors.ts'
import type { Event, Outcome } from '../../protocol/events.ts'
import type { Note } from '../connect.ts'
import type { Io } from '../io/io.ts'
import { jsonReporter } from './json.ts'
import { plainReporter } from './plain.ts'
import { styleOf } from './style.ts'
import { terminalReporter } from './terminal.ts'

/** Shows an operation. Data flows one way: what is shown has no say in what happens. */
export interface Reporter {
  /** Something before the host takes over. */
  note(note: Note): void
  event(event: Event): void
  /** The end, where no result came: the last thing that is shown. */
  failed(error: AxleError, outcome: Extract<Outcome, 'failed' | 'lost-viewer'>): void
  /** Leaves the screen to a question while it is asked. */
  aside<T>(work: () => Promise<T>): Promise<T>
  close(): void
}

const silent: Reporter = {
  note: () => {},
  event: () => {},
  failed: () => {},
  aside: (work) => work(),
  close: () => {},
}

export function createReporter(io: Io, options: { readonly json: boolean; readonly quiet?: boolean }): Reporter {
  if (options.quiet === true) return silent
  if (options.json)
    return jsonReporter(
      (text) => io.stdout.write(text),
      () => new Date(),
    )
  const live = io.stdout.isTTY === true && io.env.TERM !== 'dumb' && (io.env.CI ?? '') === ''
  const style = styleOf(io, io.stdout)
  return live
    ? terminalReporter({ out: io.stdout, style, now: () => performance.now() })
    : plainReporter({ out: (text) => io.stdout.write(text), style, now: () => performance.now() })
}
