import { codeOf } from '@axle-ia/core'
import { expect, test } from 'vitest'
import { placed } from '../test/placed.ts'
import { systemd } from './index.ts'

const contribute = (service = placed()) =>
  codeOf(systemd()).contribute({
    project: 'shop',
    facts: { hostname: 'h', os: { id: 'debian', version: '12', like: [] }, arch: 'x64', addresses: [], services: [] },
    gateway: {},
    services: [service],
  }).resources ?? []

test('a user, two folders and one open unit, all before the candidate starts', () => {
  expect(
    contribute().map(({ kind, id, scope, phase, service }) => `${scope} ${service} ${phase} ${kind}:${id}`),
  ).toEqual([
    'service pay-api before user:pay-api',
    'service pay-api before directory:/var/lib/pay-api',
    'service pay-api before directory:/var/log/pay-api',
    'service pay-api before unit:pay-api-@@AXLE_SLOT@@.service',
  ])
})

test('limits stand in the unit, secrets and the release do not', () => {
  const unit = JSON.stringify(
    contribute(
      placed({
        extensions: { systemd: { memoryMax: '512M', tasksMax: 100 } },
        env: { KEY: { secret: 'KEY', optional: false }, PLAIN: 'v4lue' },
      }),
    ).at(-1)?.spec,
  )
  expect(unit).toContain('MemoryMax=512M')
  expect(unit).toContain('TasksMax=100')
  expect(unit).toContain('ExecStart=/opt/axle/node/24.1.0/bin/node server.js')
  expect(unit).not.toMatch(/KEY=|v4lue|AXLE_RELEASE/)
})

test('a limit that would be another directive is no limit', () => {
  const { service } = codeOf(systemd())
  expect(service?.safeParse({ memoryMax: '1G\nUser=root' }).success).toBe(false)
  expect(service?.safeParse({ cpuQuota: '50' }).success).toBe(false)
})
