import type { Io } from '../io/io.ts'
import { failureLines } from './failure.ts'
import type { Reporter } from './reporter.ts'
import { resultLine, resultLines } from './result.ts'
import { ServiceLog } from './service-log.ts'
import { unfinishedLines } from './serving.ts'
import { styleOf } from './style.ts'

/** `--quiet`: the one line of a success on stdout, or all of a failure on stderr. */
export function quietReporter({ io, now }: { readonly io: Io; now(): number }): Reporter {
  const begun = now()
  const serviceLog = new ServiceLog()
  const style = styleOf(io, io.stdout)
  const errors = styleOf(io, io.stderr)
  let kind = 'operation'
  const fail = (lines: readonly string[]) => io.stderr.write(`${lines.join('\n')}\n`)
  return {
    note: () => {},
    event: (event) => {
      if (serviceLog.take(event)) return
      if (event.type === 'operation') kind = event.kind
      if (event.type !== 'result') return
      const context = { elapsed: now() - begun, serviceLog, kind }
      if (event.outcome === 'done' || event.outcome === 'unchanged')
        io.stdout.write(`${resultLine(event, context, style)}\n`)
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
