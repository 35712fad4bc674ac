import { expect, it } from 'vitest'
import type { HealthAnswer, HistoryAnswer, StatusAnswer } from '../../protocol/wire.ts'
import { healthLines } from './health.ts'
import { historyLines } from './history.ts'
import { statusLines } from './status.ts'
import { style } from './style.ts'
import { width } from './width.ts'

const now = new Date('2026-01-02T03:04:05.000Z')
const actor = { user: 'ann', host: 'laptop' }
const operation = {
  id: 'op1',
  kind: 'deploy',
  startedAt: '2026-01-02T02:54:05.000Z',
  endedAt: '2026-01-02T02:54:15.000Z',
  actor,
  outcome: 'done',
  services: [{ service: '日本', outcome: 'done', release: 'aaaaaaaaaaaa' }],
} as const
const history: HistoryAnswer = { operations: [{ ...operation, services: [...operation.services] }] }

const serving = {
  service: '日本',
  route: '/api/',
  release: 'aaaaaaaaaaaa',
  live: { slot: 'a', state: 'active', port: 8100, since: '2026-01-02T02:54:15.000Z' },
  healthy: true,
  releases: ['aaaaaaaaaaaa'],
} as const
const worker = { ...serving, service: 'worker', release: 'bbbbbbbbbbbb' } as const
const status = (services: StatusAnswer['services']): StatusAnswer => ({
  project: 'shop',
  host: 'h',
  axle: '1',
  services,
})

it('status: columns under each other, also behind wide characters', () => {
  const lines = statusLines(
    status([
      { ...serving, releases: [] },
      { ...worker, releases: [] },
    ]),
    style(false),
    now,
  )
  const at = lines.slice(2, 5).map((line) => width(line.slice(0, line.search(/RELEASE|[ab]{12}/))))
  expect(new Set(at).size).toBe(1)
  expect(lines[3]).toBe('✓  日本     aaaaaaaaaaaa  slot a:8100  active for 9 min  /api/')
})

it('status in 40 columns says the same in two lines a service', () => {
  const lines = statusLines(status([{ ...serving, releases: [] }]), style(false, 40), now)
  expect(lines.slice(2, 4)).toEqual(['✓ 日本  aaaaaaaaaaaa', '    slot a:8100, active for 9 min, /api/'])
})

it('status of a project that was never deployed says what to do', () => {
  const never = { service: 'api', healthy: false, reason: 'never deployed', releases: [] }
  expect(statusLines(status([never]), style(false), now).at(-1)).toBe('→ Nothing is deployed yet: axle deploy')
})

it.each([40, 80, 200])('history fits into %i columns, with relative times', (room) => {
  const lines = historyLines(history, style(false, room), now)
  expect(lines.join('\n')).toMatch(/10 min ago {2}deploy/)
  expect(lines.join('\n')).toContain('aaaaaaaaaaaa')
  expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(room)
})

it('health in 40 columns: rows are cut, but not why a check failed', () => {
  const detail = '503 from http://127.0.0.1:8100/health after 5 s'
  const answer: HealthAnswer = {
    healthy: false,
    checks: [{ service: 'api', check: 'direct', ok: false, detail, ms: 12 }],
  }
  const lines = healthLines(answer, style(false, 40))
  expect(width(lines[0] ?? '')).toBeLessThanOrEqual(40)
  expect(lines[1]).toBe(`  ! api direct: ${detail}`)
})
