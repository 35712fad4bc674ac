import { expect, test } from 'vitest'
import { parseState } from './unit-state.ts'

const show = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

test('what runs', () => {
  const text = show({
    ActiveState: 'active',
    SubState: 'running',
    MainPID: '77',
    NRestarts: '2',
    StateChangeTimestamp: 'Mon 2026-11-23 11:17:03 UTC',
  })
  expect(parseState(text)).toEqual({ state: 'active', pid: 77, restarts: 2, since: '2026-11-23T11:17:03.000Z' })
})

test('between a crash and the next try it has failed', () => {
  const text = show({
    ActiveState: 'activating',
    SubState: 'auto-restart',
    MainPID: '0',
    NRestarts: '0',
    Result: 'exit-code',
    ExecMainCode: '1',
    ExecMainStatus: '1',
  })
  expect(parseState(text)).toEqual({ state: 'failed', restarts: 0, ended: 'exit code 1' })
})

test('how it ended, in words', () => {
  const ended = (properties: Readonly<Record<string, string>>) =>
    parseState(show({ ActiveState: 'failed', ...properties })).ended
  expect(ended({ ExecMainCode: '2', ExecMainStatus: '9' })).toBe('signal KILL')
  expect(ended({ ExecMainCode: '3', ExecMainStatus: '11' })).toBe('signal SEGV, with a core dump')
  expect(ended({ ExecMainCode: '1', ExecMainStatus: '203' })).toBe('exit code 203 (the program cannot be executed)')
  expect(ended({ Result: 'oom-kill', ExecMainCode: '2', ExecMainStatus: '9' })).toBe('out of memory')
})

test('a unit that is not there', () => {
  expect(
    parseState(show({ LoadState: 'not-found', ActiveState: 'inactive', SubState: 'dead', StateChangeTimestamp: '' })),
  ).toEqual({
    state: 'inactive',
    restarts: 0,
  })
})
