import { expect, it } from 'vitest'
import { attempts } from './attempts.ts'
import type { KeyFile } from './key-file.ts'

const file = (path: string, state: KeyFile['state'] = 'open'): KeyFile => ({
  path,
  text: '',
  blob: Buffer.from(path),
  state,
})
const held = (name: string) => ({ blob: Buffer.from(name), label: name })
const order = (...given: Parameters<typeof attempts>) => attempts(...given).map(({ by, label }) => `${by} ${label}`)

it('named keys first, then the agent’s others, and what needs a passphrase last', () => {
  const files = [file('locked', 'encrypted'), file('b'), file('a', 'encrypted'), file('c', 'public')]
  const agent = [held('x'), held('a'), held('c')]
  const first = ['file b', 'agent a (agent)', 'agent c (agent)']
  expect(order({ named: true, only: false }, files, agent)).toEqual([...first, 'agent x (agent)', 'passphrase locked'])
  expect(order({ named: true, only: true }, files, agent)).toEqual([...first, 'passphrase locked'])
})

it('of the usual keys those of the agent come first', () => {
  const files = [file('b'), file('a'), file('locked', 'encrypted')]
  expect(order({ named: false, only: false }, files, [held('x'), held('a')])).toEqual([
    'agent a (agent)',
    'agent x (agent)',
    'file b',
    'passphrase locked',
  ])
})
