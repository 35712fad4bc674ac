import { expect, it } from 'vitest'
import { recommended } from './index.ts'

it('recommends one plugin for each role', () => {
  expect(recommended()).toMatchObject([{ kind: 'systemd' }, { kind: 'nginx' }])
})
