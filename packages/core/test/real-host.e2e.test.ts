import { down, up } from '@axle-ia/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unitKind } from '../src/engine/resources/kinds/unit.ts'
import { userKind } from '../src/engine/resources/kinds/user.ts'
import { encodeEnvironment } from '../src/engine/secrets/environment-file.ts'
import { trickyValues } from '../src/engine/secrets/tricky-values.ts'
import type { Json } from '../src/protocol/json.ts'
import { InsideHost } from './inside-host.ts'

const NAME = `core-${process.pid}`
const signal = new AbortController().signal
let host: InsideHost

beforeAll(async () => {
  host = new InsideHost(await up(NAME, { image: 'bare' }))
}, 300_000)
afterAll(async () => {
  await down(NAME)
}, 60_000)

test('systemd gives a process exactly the values that were encoded', async () => {
  const values = trickyValues()
  await host.write('/root/tricky.env', encodeEnvironment(values), { mode: '600' })
  const properties = ['EnvironmentFile=/root/tricky.env', 'StandardOutput=truncate:/root/tricky.out']
  await host.run([
    'systemd-run',
    '--wait',
    '--collect',
    ...properties.flatMap((one) => ['-p', one]),
    '/usr/bin/env',
    '-0',
  ])
  const output = (await host.read('/root/tricky.out')) ?? ''
  const found = new Map(
    output.split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )
  for (const [name, value] of Object.entries(values)) expect(found.get(name), name).toBe(value)
}, 60_000)

test('a system user is made, found as wanted, mended and removed with its group', async () => {
  const wanted = ['axle-one', 'axle-two'].map((id) => ({ id, spec: { home: `/var/lib/${id}` } }))
  const ids = wanted.map(({ id }) => id)
  await (await userKind.inspect(host, wanted)).sync(host, ids, signal)
  host.commands.length = 0
  const again = await userKind.inspect(host, wanted)
  expect(host.commands).toEqual(['getent passwd axle-one axle-two'])
  expect([...again.comparisons.values()]).toEqual(ids.map(() => ({ same: expect.stringMatching(/uid \d+/) })))
  await host.run(['usermod', '--shell', '/bin/bash', 'axle-one'])
  const changed = await userKind.inspect(host, wanted)
  expect(changed.comparisons.get('axle-one')).toEqual({
    changes: [{ aspect: 'shell', from: '/bin/bash', to: '/usr/sbin/nologin' }],
  })
  await changed.sync(host, ['axle-one'], signal)
  await userKind.remove(host, wanted, signal)
  await userKind.remove(host, wanted, signal)
  expect((await host.run(['getent', 'passwd', ...ids], { accept: [2] })).stdout).toBe('')
  expect((await host.run(['getent', 'group', ...ids], { accept: [2] })).stdout).toBe('')
  await host.run(['groupadd', 'axle-one'])
  await expect(userKind.inspect(host, wanted)).rejects.toMatchObject({ code: 'AXLE_NOT_OURS' })
}, 60_000)

test('units are written, enabled and removed with one daemon-reload a batch', async () => {
  const content = '[Service]\nExecStart=/bin/sleep 600\n[Install]\nWantedBy=multi-user.target\n'
  const wanted: { id: string; spec: Json }[] = [
    { id: 'one.service', spec: { content, enabled: true } },
    { id: 'two.service', spec: { content, enabled: false } },
    { id: 'three.service', spec: { content } },
  ]
  const ids = wanted.map(({ id }) => id)
  const reloads = () => host.commands.filter((command) => command === 'systemctl daemon-reload').length
  host.commands.length = 0
  await (await unitKind.inspect(host, wanted)).sync(host, ids, signal)
  expect(reloads()).toBe(1)
  const again = await unitKind.inspect(host, wanted)
  expect([...again.comparisons.values()].every((one) => 'same' in one)).toBe(true)
  await host.run(['systemctl', 'disable', 'one.service'])
  await host.run(['systemctl', 'enable', 'two.service'])
  const changed = await unitKind.inspect(host, wanted)
  expect(changed.comparisons.get('one.service')).toEqual({ changes: [{ aspect: 'enabled', from: 'no', to: 'yes' }] })
  expect(changed.comparisons.get('two.service')).toEqual({ changes: [{ aspect: 'enabled', from: 'yes', to: 'no' }] })
  await changed.sync(host, ['one.service', 'two.service'], signal)
  await host.run(['systemctl', 'start', 'one.service'])
  host.commands.length = 0
  await unitKind.remove(host, wanted, signal)
  expect(reloads()).toBe(1)
  expect((await host.run(['systemctl', 'is-active', 'one.service'], { accept: 'any' })).stdout).toBe('inactive\n')
  expect(await host.stat('/etc/systemd/system/multi-user.target.wants/one.service')).toBeUndefined()
  expect(await host.list('/etc/systemd/system')).not.toContain('one.service')
}, 60_000)
