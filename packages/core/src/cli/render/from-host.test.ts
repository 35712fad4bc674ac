import { expect, it } from 'vitest'
import { stamp } from '../testing/fake-axle.ts'
import { fakeIo } from '../testing/fake-io.ts'
import { historyLines } from './history.ts'
import { createReporter } from './reporter.ts'
import { statusLines } from './status.ts'
import { style } from './style.ts'

/** Writes to the clipboard, clears the screen, and begins a line of its own. */
const EVIL = '\u001b]52;c;cm0=\u0007\u001b[2J\u009b2J\nDone'
const plain = style(false)
const operation = {
  id: `op${EVIL}`,
  kind: 'deploy' as const,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  actor: { user: `bob${EVIL}`, host: `h${EVIL}` },
  outcome: 'done' as const,
  services: [{ service: `api${EVIL}`, release: `r1${EVIL}`, outcome: 'done' as const }],
}

it('shows nothing of a host that could move the cursor or begin a line', () => {
  const { io, said } = fakeIo()
  const reporter = createReporter(io, { json: false })
  const { actor } = operation
  reporter.event(stamp({ type: 'operation', kind: 'deploy', project: 'p', services: [`s${EVIL}`], actor }, 0))
  reporter.event(stamp({ type: 'step', step: `start${EVIL}`, service: `api${EVIL}`, state: 'started' }, 1))
  reporter.note({ kind: 'step', step: `wait for ${EVIL}`, state: 'started' })
  const lines = [
    ...statusLines({ project: 'p', host: `h${EVIL}`, axle: '1', services: [], operation }, plain, new Date()),
    ...historyLines({ operations: [operation] }, plain, new Date()),
    ...said.out.trimEnd().split('\n'),
  ]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f]/.test(line) || line.startsWith('Done'))).toEqual([])
  expect(lines.join('\n')).toContain('bob Done')
})
