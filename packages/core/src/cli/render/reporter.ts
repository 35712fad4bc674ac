import type { AxleError } from '../../protocol/errors.ts'
import type { Event, Outcome } from '../../protocol/events.ts'
import type { Note } from '../connect.ts'
import type { Io } from '../io/io.ts'
import { fromHost } from './from-host.ts'
import { jsonReporter } from './json.ts'
import { plainReporter } from './plain.ts'
import { quietReporter } from './quiet.ts'
import type { Unfinished } from './serving.ts'
import { styleOf } from './style.ts'
import { terminalReporter } from './terminal.ts'

/** Shows an operation. Data flows one way: what is shown has no say in what happens. */
export interface Reporter {
  /** Something before the host takes over. */
  note(note: Note): void
  event(event: Event): void
  /** The end, where no result came: the last thing that is shown. Without `unfinished`: nothing was even tried. */
  failed(error: AxleError, outcome: Extract<Outcome, 'failed' | 'lost-viewer'>, unfinished?: Unfinished): void
  /** Draws nothing while `work` has the screen: a question to a person. */
  hold<T>(work: () => Promise<T>): Promise<T>
  close(): void
}

export interface ReporterOptions {
  readonly json: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  /** On a terminal only what runs is seen: for a question, whose answer is all that is wanted. */
  readonly transient?: boolean
}

export function createReporter(io: Io, options: ReporterOptions): Reporter {
  const { json, quiet = false, verbose = false, transient = false } = options
  const now = () => performance.now()
  if (json) {
    const events = jsonReporter(
      (text) => io.stdout.write(text),
      () => new Date(),
    )
    if (!verbose) return events
    const { note } = plainReporter({
      out: (text) => io.stderr.write(text),
      style: styleOf(io, io.stderr),
      now,
      verbose,
    })
    return { ...events, note }
  }
  const style = styleOf(io, io.stdout)
  if (quiet) return shown(quietReporter({ io, now }))
  const live = io.stdout.isTTY === true && io.env.TERM !== 'dumb' && (io.env.CI ?? '') === ''
  return shown(
    live
      ? terminalReporter({ out: io.stdout, style, now, verbose, transient: transient && !verbose })
      : plainReporter({ out: (text) => io.stdout.write(text), style, now, verbose }),
  )
}

/** For people: nothing that a host says reaches the terminal as it is. */
function shown(reporter: Reporter): Reporter {
  return {
    ...reporter,
    note: (note) => reporter.note(fromHost(note)),
    event: (event) => reporter.event(fromHost(event)),
    failed: (error, outcome, unfinished) =>
      reporter.failed(error, outcome, unfinished === undefined ? undefined : fromHost(unfinished)),
  }
}
