import type { Io } from '../io/io.ts'
import { failureLines } from './failure.ts'
import type { Reporter } from './reporter.ts'
import { isGood, resultLine, resultLines } from './result.ts'
import { ServiceLog } from './service-log.ts'
import { unfinishedLines } from './serving.ts'
import { Stopwatch } from './stopwatch.ts'
import { styleOf } from './style.ts'

/** `--quiet`: the one line of a success on stdout, or all of a failure on stderr. */
export function quietReporter({ io, now }: { readonly io: Io; now(): number }): Reporter {
  const watch = new Stopwatch(now)
  const serviceLog = new ServiceLog()
  const style = styleOf(io, io.stdout)
  const errors = styleOf(io, io.stderr)
  let kind = 'operation'
  const fail = (lines: readonly string[]) => io.stderr.write(`${lines.join('\n')}\n`)
  return {
    note: () => {},
    event: (event) => {
      watch.saw(event)
      if (serviceLog.take(event)) return
      if (event.type === 'operation') kind = event.kind
      if (event.type !== 'result') return
      const context = { elapsed: watch.took(event), serviceLog, kind }
      if (isGood(event)) io.stdout.write(`${resultLine(event, context, style)}\n`)
      else fail(resultLines(event, context, errors))
    },
    failed: (error, _outcome, unfinished) =>
      fail([
        ...failureLines(error.serialize(), errors),
        ...(unfinished === undefined ? [] : unfinishedLines(error, unfinished, errors)),
      ]),
    hold: (work) => work(),
    close: () => {},
  }
}
