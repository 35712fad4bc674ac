import xterm from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import type { Event, EventBody } from '../../protocol/events.ts'
import { Questions } from '../io/questions.ts'
import { style } from './style.ts'
import { terminalReporter } from './terminal.ts'

/** A real terminal's screen, without a window. */
function screen(cols: number, rows = 24) {
  const terminal = new xterm.Terminal({ cols, rows, scrollback: 500, allowProposedApi: true })
  let columns = cols
  const out = {
    get columns() {
      return columns
    },
    rows,
    // What a tty does with each line end.
    write: (text: string) => terminal.write(text.replaceAll('\n', '\r\n')),
  }
  return {
    out,
    resize: (to: number) => {
      columns = to
      terminal.resize(to, rows)
    },
    settled: () => new Promise<void>((resolve) => terminal.write('', resolve)),
    /** Rows as they are seen; `wrapped` are those that continue the one above. */
    rows: () => {
      const { active } = terminal.buffer
      return Array.from({ length: active.length }, (_, at) => active.getLine(at))
        .map((line) => ({ text: line?.translateToString(true) ?? '', wrapped: line?.isWrapped === true }))
        .filter(({ text }) => text !== '')
    },
  }
}

const stamp = (body: EventBody): Event => ({ v: 1, op: 'op1', seq: 0, time: '2026-01-02T03:04:05.000Z', ...body })
const actor = { user: 'ann', host: 'laptop' }
const step = (service: string, name: string, state: 'started' | 'done' | 'failed', detail?: string) =>
  stamp({
    type: 'step',
    service,
    step: name,
    state,
    ...(state === 'started' ? {} : { ms: 420 }),
    ...(detail === undefined ? {} : { detail }),
  })

function show(cols: number, begun = true) {
  const view = screen(cols)
  let time = 0
  const reporter = terminalReporter({ out: view.out, style: style(true), now: () => time })
  if (begun)
    reporter.event(stamp({ type: 'operation', kind: 'deploy', project: 'shop', services: ['api', 'front-end'], actor }))
  return { view, reporter, pass: (ms: number) => (time += ms) }
}

const LONG = '日本語 🚀 \u001b[2J\u202e'.repeat(30)

describe.each([40, 80, 200])('a terminal of %i columns', (cols) => {
  it('shows steps of several services at once, one row each, whatever their details', async () => {
    const { view, reporter } = show(cols)
    for (const service of ['api', 'front-end']) reporter.event(step(service, 'start', 'started'))
    reporter.event(step('api', 'start', 'done', LONG))
    reporter.event(step('api', 'verify', 'started'))
    reporter.event(step('front-end', 'start', 'failed', LONG))
    reporter.event(step('front-end', 'undo', 'started'))
    await view.settled()
    const rows = view.rows().slice(1)
    expect(rows.map(({ text }) => text.slice(0, 29))).toEqual([
      '✓ api        start       0.42',
      '✗ front-end  start       0.42',
      '⠋ api        verify      0.00',
      '⠋ front-end  undo        0.00',
    ])
    expect(rows.every(({ wrapped }) => !wrapped)).toBe(true)
    if (cols > 40) expect(rows[0]?.text).toMatch(/日.*…$/)
    reporter.close()
    await view.settled()
    expect(view.rows().some(({ text }) => text.includes('⠋'))).toBe(false)
  })

  it('shows bytes, percent and rate of an upload, and the last line of a build', async () => {
    const { view, reporter, pass } = show(cols, false)
    reporter.note({ kind: 'step', step: 'send files', state: 'started' })
    pass(2000)
    reporter.note({ kind: 'progress', step: 'send files', sent: 5_000_000, total: 40_000_000 })
    reporter.event(stamp({ type: 'log', level: 'warning', source: 'core', message: 'redraws' }))
    await view.settled()
    const last = view.rows().at(-1)?.text ?? ''
    expect(last).toContain('5.0 MB of 40.0 MB, 12 %, 2.5 MB/s'.slice(0, cols - 26))
    reporter.note({ kind: 'step', step: 'send files', state: 'done', ms: 2100, detail: '40.0 MB' })
    reporter.close()
    await view.settled()
    expect(view.rows().at(-1)?.text).toMatch(/^✓ send files +2\.10 s/)
  })
})

describe('a terminal whose size changes', () => {
  it.each([
    [100, 40],
    [40, 100],
  ])('from %i to %i columns leaves nothing behind', async (from, to) => {
    const { view, reporter } = show(from)
    for (const service of ['api', 'front-end']) {
      reporter.event(step(service, 'verify', 'started'))
      reporter.note({ kind: 'output', source: 'build', text: LONG })
    }
    reporter.event(step('api', 'start', 'started'))
    await view.settled()
    view.resize(to)
    reporter.event(step('api', 'start', 'done'))
    reporter.event(step('api', 'verify', 'done'))
    reporter.event(step('front-end', 'verify', 'done'))
    reporter.close()
    await view.settled()
    const marks = view.rows().map(({ text }) => text.charAt(0))
    expect(marks.filter((mark) => mark === '✓')).toHaveLength(3)
    expect(marks).not.toContain('⠋')
  })

  it('of few rows shows as many steps as fit', async () => {
    const view = screen(80, 6)
    const reporter = terminalReporter({ out: view.out, style: style(false), now: () => 0 })
    for (let at = 0; at < 9; at++) reporter.event(step(`s${at}`, 'verify', 'started'))
    await view.settled()
    expect(view.rows()).toHaveLength(4)
    expect(view.rows().at(-1)?.text).toBe('… and 6 more')
    reporter.close()
    await view.settled()
    expect(view.rows()).toEqual([])
  })
})

it('the echo of Ctrl-C is gone, what ran is named, and the cursor was never hidden', async () => {
  const { view, reporter } = show(80)
  let said = ''
  const { write } = view.out
  view.out.write = (text) => {
    said += text
    write(text)
  }
  reporter.event(step('api', 'verify', 'started'))
  view.out.write('^C')
  const { AxleError } = await import('../../protocol/errors.ts')
  reporter.failed(new AxleError('AXLE_INTERRUPTED', 'Interrupted: the deploy goes on on the host.'), 'lost-viewer', {
    what: 'deploy',
    valueSet: false,
    asked: true,
    accepted: true,
    services: [],
  })
  reporter.close()
  await view.settled()
  const rows = view.rows().map(({ text }) => text)
  expect(rows[1]).toMatch(/^· api {8}verify +0\.00 s {2}did not end$/)
  expect(rows.join('\n')).not.toMatch(/\^C|⠋/)
  expect(rows.at(-1)).toBe('What served before serves on, until the new release is verified there.')
  expect(said).not.toContain('\u001b[?25l')
})

it('draws nothing while a question is asked, and what came meanwhile afterwards', async () => {
  const { view, reporter } = show(80)
  reporter.note({ kind: 'step', step: 'connect', state: 'started' })
  const questions = new Questions({
    text: async () => '',
    confirm: async () => true,
    secret: async (question) => {
      view.out.write(`${question} `)
      reporter.event(step('api', 'start', 'done'))
      reporter.event(step('api', 'verify', 'started'))
      await view.settled()
      expect(view.rows().map(({ text }) => text.trim())).toEqual([expect.stringContaining('deploy'), 'Passphrase?'])
      view.out.write('\n')
      return 'typed'
    },
  })
  questions.drawnBy(reporter)
  expect(await questions.prompt?.secret('Passphrase?')).toBe('typed')
  await view.settled()
  const rows = view.rows().map(({ text }) => text)
  expect(rows.slice(1).map((text) => text.slice(0, 12))).toEqual([
    'Passphrase? ',
    '✓ api       ',
    '⠋ connect   ',
    '⠋ api       ',
  ])
  reporter.close()
})

it('of several services the log lines of the failed one alone are shown at the end', async () => {
  const { view, reporter } = show(80)
  for (const service of ['api', 'front-end'])
    reporter.event(stamp({ type: 'log', level: 'info', source: 'service', service, message: `words of ${service}` }))
  const error = { code: 'AXLE_UNHEALTHY', message: '503', exit: 1 }
  reporter.event(
    stamp({
      type: 'result',
      outcome: 'failed',
      exit: 1,
      error,
      services: [
        { service: 'api', outcome: 'done', release: 'aaaaaaaaaaaa' },
        { service: 'front-end', outcome: 'failed' },
      ],
    }),
  )
  await view.settled()
  const text = view.rows().map((row) => row.text)
  expect(text).toContain('  │ front-end: words of front-end')
  expect(text.join('\n')).not.toContain('words of api')
  expect(text.slice(-3)).toEqual(['Serving now:', '  api: aaaaaaaaaaaa, the new release', '  front-end: nothing'])
})
