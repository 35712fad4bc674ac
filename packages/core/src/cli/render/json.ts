import type { AxleError } from '../../protocol/errors.ts'
import type { Event, ResultEvent } from '../../protocol/events.ts'
import type { Reporter } from './reporter.ts'

/** NDJSON: the engine's events as they are. The last line is always a `result`, also where the host never sent one. */
export function jsonReporter(write: (text: string) => unknown, now: () => Date): Reporter {
  let last: Event | undefined
  const line = (event: Event) => void write(`${JSON.stringify(event)}\n`)
  return {
    note: () => {},
    event: (event) => {
      last = event
      line(event)
    },
    failed: (error: AxleError, outcome, unfinished) => {
      const result: ResultEvent = {
        v: 1,
        op: last?.op ?? '',
        seq: last === undefined ? 0 : last.seq + 1,
        time: now().toISOString(),
        type: 'result',
        outcome,
        exit: error.exit,
        code: error.code,
        error: error.serialize(),
        services: [...(unfinished?.services ?? [])],
      }
      line(result)
    },
    hold: (work) => work(),
    close: () => {},
  }
}
