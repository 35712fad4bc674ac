import { expect, test } from 'vitest'
import { placed } from '../test/placed.ts'
import { journalCommand, parseEntry } from './journal.ts'

const slots = [
  { service: placed(), name: 'a', port: 8000 },
  { service: placed(), name: 'b', port: 20_000 },
] as const

const line = (fields: object): string => JSON.stringify({ __REALTIME_TIMESTAMP: '1700000000123456', ...fields })

test('lines of the program and of systemd about it', () => {
  expect(parseEntry(line({ MESSAGE: 'hello', _SYSTEMD_UNIT: 'pay-api-b.service' }), slots)).toEqual({
    time: '2023-11-14T22:13:20.123Z',
    slot: 'b',
    message: 'hello',
  })
  expect(
    parseEntry(line({ MESSAGE: 'Started', _SYSTEMD_UNIT: 'init.scope', UNIT: 'pay-api-a.service' }), slots)?.slot,
  ).toBe('a')
})

test('bytes that are no UTF-8, no message, and no entry at all', () => {
  expect(parseEntry(line({ MESSAGE: [104, 105], UNIT: 'pay-api-a.service' }), slots)?.message).toBe('hi')
  expect(parseEntry(line({ MESSAGE: null, UNIT: 'pay-api-a.service' }), slots)?.message).toBe('')
  expect(parseEntry(line({ MESSAGE: 'x', UNIT: 'other.service' }), slots)).toBeUndefined()
  expect(parseEntry('no JSON', slots)).toBeUndefined()
})

test('what is asked of journalctl', () => {
  const argv = journalCommand(slots, { lines: 5, since: '-1h', follow: true })
  expect(argv.slice(-5)).toEqual([
    '--lines=5',
    '--since=-1h',
    '--follow',
    '--unit=pay-api-a.service',
    '--unit=pay-api-b.service',
  ])
})
