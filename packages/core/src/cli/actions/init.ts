import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { Action } from '../context.ts'
import { Interrupted, orInterrupted } from '../io/interrupt.ts'
import { checkOptions } from '../options/check.ts'
import { initLines } from '../render/init.ts'
import { printFailure } from '../render/print-failure.ts'
import { styleOf } from '../render/style.ts'

export const initAction: Action = async (invocation, context) => {
  const { io, cwd, prompt, interrupted: signal } = context
  // Commander reads --no-install as install: false.
  const { install = true, ...given } = invocation.options
  const options = checkOptions({ ...invocation, options: given })
  const { json, dryRun, yes, name, host, domain, quiet, verbose } = options
  try {
    if (context.init === undefined) throw new AxleError('AXLE_USAGE', 'axle init runs on a workstation.')
    const initialize = await context.init()
    const done = await orInterrupted(
      initialize({
        cwd,
        name,
        host,
        domain,
        install: install !== false,
        dryRun,
        prompt: yes || json ? undefined : prompt,
        signal,
        onStep: (line) => {
          if (!quiet) io.stderr.write(`${styleOf(io, io.stderr).dim(line)}\n`)
        },
      }),
      signal,
    )
    if (json) io.stdout.write(`${JSON.stringify(done)}\n`)
    else {
      // With --dry-run stdout is the config alone, so that it can be sent to a file.
      if (dryRun) io.stdout.write(done.config)
      const output = dryRun ? io.stderr : io.stdout
      const lines = initLines(done, styleOf(io, output))
      output.write(`${(quiet ? lines.slice(0, 1) : lines).join('\n')}\n`)
    }
    return EXIT.done
  } catch (thrown) {
    if (thrown instanceof Interrupted) return EXIT.interrupted
    return printFailure(AxleError.wrap(thrown), { io, json, verbose })
  }
}
