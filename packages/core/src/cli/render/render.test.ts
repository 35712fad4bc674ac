import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import type { Event, EventBody } from '../../protocol/events.ts'
import type { Plan } from '../../protocol/plan.ts'
import type { Resource } from '../../protocol/resource.ts'
import { plainReporter } from './plain.ts'
import { planLines } from './plan.ts'
import { style } from './style.ts'
import { terminalReporter } from './terminal.ts'

const failed: readonly EventBody[] = [
  { type: 'operation', kind: 'deploy', project: 'shop', services: ['api'], actor: { user: 'ann', host: 'laptop' } },
  { type: 'step', step: 'start', service: 'api', state: 'started' },
  { type: 'step', step: 'start', service: 'api', state: 'done', ms: 420 },
  { type: 'step', step: 'verify', service: 'api', state: 'started' },
  { type: 'log', level: 'info', source: 'service', service: 'api', message: 'Error: no \u001b[2Jdatabase' },
  { type: 'step', step: 'verify', service: 'api', state: 'failed', ms: 30_000, detail: '503' },
  {
    type: 'result',
    outcome: 'failed',
    exit: 1,
    code: 'AXLE_UNHEALTHY',
    error: { code: 'AXLE_UNHEALTHY', message: 'GET /health answered 503', hint: 'Mend it.', exit: 1 },
    services: [{ service: 'api', outcome: 'failed', release: 'aaaaaaaaaaaa' }],
  },
]
const events = failed.map((body, seq): Event => ({ v: 1, op: 'op1', seq, time: '2026-01-02T03:04:05.000Z', ...body }))

it('plain: a line an event, then what happened, why, what to do and what serves', () => {
  let out = ''
  const reporter = plainReporter({ out: (text) => (out += text), style: style(false), now: () => 0 })
  for (const event of events) reporter.event(event)
  expect(out).toBe(`deploy of api (project shop) by ann@laptop, operation op1
api: start …
api: start done (0.42 s)
api: verify …
api | Error: no database
api: verify failed (30.0 s): 503
✗ The new release did not become healthy (AXLE_UNHEALTHY)
  GET /health answered 503
→ Mend it.
The deploy failed after 0.00 s.
Serving now:
  api: aaaaaaaaaaaa, as before
`)
})

it('terminal: running steps are redrawn, the failed service shows its log at the end', () => {
  let out = ''
  const reporter = terminalReporter({
    out: { write: (text) => (out += text), columns: 60 },
    style: style(false),
    now: () => 0,
  })
  for (const event of events) reporter.event(event)
  reporter.close()
  expect(out).toContain('\r\u001b[1A\u001b[0J✓ api  start       0.42 s\n')
  expect(out).not.toContain('\u001b[2J')
  const text = stripVTControlCharacters(out)
  expect(text).toContain('  │ api: Error: no database')
  expect(text.trimEnd().split('\n').at(-1)).toBe('  api: aaaaaaaaaaaa, as before')
})

it('terminal: while a question is asked, nothing is drawn; what came meanwhile follows', async () => {
  let out = ''
  const reporter = terminalReporter({ out: { write: (text) => (out += text) }, style: style(false), now: () => 0 })
  reporter.note({ kind: 'step', step: 'connect', state: 'started' })
  await reporter.hold(async () => {
    expect(out.endsWith('\u001b[1A\u001b[0J')).toBe(true)
    out = ''
    reporter.note({ kind: 'step', step: 'connect', state: 'done', ms: 10 })
    expect(out).toBe('')
  })
  expect(out).toContain('connect')
  reporter.close()
})

const file: Omit<Resource, 'kind' | 'id'> = { scope: 'service', phase: 'before', spec: {}, needs: [], notify: [] }
const plan: Plan = {
  v: 1,
  project: 'shop',
  services: [
    {
      service: 'api',
      action: 'deploy',
      release: 'bbbbbbbbbbbb',
      previous: 'aaaaaaaaaaaa',
      slot: 'b',
      gap: false,
      files: 12,
      bytes: 340_000,
      missing: { files: 1, bytes: 1400 },
    },
  ],
  changes: [
    {
      resource: { ...file, kind: 'unit', id: 'api-b.service' },
      action: 'update',
      phase: 'after',
      changes: [{ aspect: 'content', from: 'x', to: 'y' }],
    },
    { resource: { ...file, kind: 'user', id: 'api' }, action: 'none', phase: 'before', changes: [], reason: 'exists' },
  ],
  handlers: ['nginx/reload'],
}

it('a plan shows release, upload, slot, gap, changes with reasons, handlers and the sum', () => {
  expect(planLines(plan, style(false)).join('\n')).toBe(`api: deploy bbbbbbbbbbbb into slot b (now aaaaaaaaaaaa)
  12 files (340 kB), 1 to upload (1.4 kB)
  no gap: starts beside the release that serves

~ unit api-b.service  update, after the switch
    content: x → y
= user api            exists

Then: nginx/reload

Plan: 1 release; 0 to create, 1 to update, 0 to remove, 1 as wanted.`)
})
