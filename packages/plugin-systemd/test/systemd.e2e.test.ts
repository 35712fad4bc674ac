import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Argv, Slot } from '@axle-ia/core'
import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { confine } from '../src/confine.ts'
import { createSupervisor } from '../src/supervisor.ts'
import { slotUnit } from '../src/unit.ts'
import { hostInside } from './host-inside.ts'
import { placed } from './placed.ts'

const target = useHost()
const NASTY = ['it\'s "quo\\ted"', '50%', '$HOME', '${HOME}', 'a;b', ';', '--port=$PORT', ' é ', '']
const service = placed({ start: ['node', 'server.js', ...NASTY], drain: 5000 })
const slotOf = (name: 'a' | 'b'): Slot => ({ service, name, port: service.ports?.[name] })

const APP = `
const os = require('node:os'), fs = require('node:fs'), http = require('node:http')
const tryTo = (path) => { try { fs.writeFileSync(path, 'x'); return 'written' } catch (error) { return error.code } }
console.log('report ' + JSON.stringify({
  argv: process.argv.slice(2), cwd: process.cwd(), uid: os.userInfo().username, cpus: os.cpus().length, interfaces: Object.keys(os.networkInterfaces()),
  env: process.env, data: tryTo(process.env.STATE_DIRECTORY + '/x'), logs: tryTo(process.env.LOGS_DIRECTORY + '/x'), own: tryTo('./x'), etc: tryTo('/etc/x'),
}))
http.createServer((_request, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1')
`

async function until(what: string, met: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000
  while (!(await met())) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`)
    await sleep(100)
  }
}

target.beforeAll(async () => {
  await target.run(['mkdir', '-p', '/opt/axle/node/24.1.0/bin'])
  await target.writeFile('/opt/axle/node/24.1.0/bin/node', await readFile(process.execPath), '755')
  await target.run([
    'useradd',
    '--system',
    '--user-group',
    '--home-dir=/var/lib/pay-api',
    '--shell=/usr/sbin/nologin',
    'pay-api',
  ])
  for (const path of ['/var/lib/pay-api', '/var/log/pay-api']) {
    await target.run(['install', '-d', '-m', '750', '-o', 'pay-api', '-g', 'pay-api', path])
  }
  for (const slot of ['a', 'b'] as const) {
    await target.run(['mkdir', '-p', `/opt/pay-api/releases/${slot.repeat(12)}/app`, '/opt/pay-api/slots'])
    await target.writeFile(`/opt/pay-api/releases/${slot.repeat(12)}/app/server.js`, APP)
    await target.writeFile(
      `/opt/pay-api/slots/${slot}.env`,
      `PORT="${service.ports?.[slot]}"\nSECRET="s3cret $x"\n`,
      '600',
    )
    await target.run(['ln', '-s', `../releases/${slot.repeat(12)}`, `/opt/pay-api/slots/${slot}`])
    await target.writeFile(
      `/etc/systemd/system/pay-api-${slot}.service`,
      slotUnit(service, {}).replaceAll('@@AXLE_SLOT@@', slot),
    )
  }
  await target.run(['systemctl', 'daemon-reload'])
})

const ran: Argv[] = []
const supervisor = () => createSupervisor(hostInside(target, ran))

test('systemd takes the unit without a word, and exposure is at most 1.5', async () => {
  const verified = await target.exec(['systemd-analyze', 'verify', '/etc/systemd/system/pay-api-a.service'])
  expect(verified.stderr.split('\n').filter((line) => line.includes('pay-api'))).toEqual([])
  const report = await target.exec([
    'systemd-analyze',
    'security',
    '--offline=true',
    '--no-pager',
    '/etc/systemd/system/pay-api-a.service',
  ])
  const level = /Overall exposure level for \S+: ([\d.]+)/.exec(report.stdout)?.[1]
  process.stdout.write(`exposure: ${level}\n`)
  expect(Number(level)).toBeGreaterThan(0)
  expect(Number(level)).toBeLessThanOrEqual(1.5)
})

test('a slot starts with its words, its environment and its rights', async () => {
  const { start, state, logs } = supervisor()
  expect((await state(slotOf('a'))).state).toBe('inactive')
  await start(slotOf('a'))
  await start(slotOf('a'))
  expect(await state(slotOf('a'))).toMatchObject({
    state: 'active',
    restarts: 0,
    pid: expect.any(Number),
    since: expect.any(String),
  })
  let report: Record<string, unknown> = {}
  await until('its report', async () => {
    for await (const line of logs([slotOf('a'), slotOf('b')], { lines: 100 })) {
      expect(line.slot).toBe('a')
      if (line.message.startsWith('report ')) report = JSON.parse(line.message.slice(7))
    }
    return 'argv' in report
  })
  expect(report).toMatchObject({
    argv: NASTY.map((word) => word.replace('$PORT', '8000')),
    cwd: '/opt/pay-api/releases/aaaaaaaaaaaa/app',
    uid: 'pay-api',
    data: 'written',
    logs: 'written',
    own: 'EROFS',
    etc: 'EROFS',
    env: {
      PORT: '8000',
      SECRET: 's3cret $x',
      HOME: '/var/lib/pay-api',
      PATH: expect.stringMatching(/^\/opt\/axle\/node\/24\.1\.0\/bin:/),
    },
  })
  expect(report.cpus).toBeGreaterThan(0)
  expect(report.interfaces).toContain('lo')
})

test("adopting moves the service's name and the start at boot, with one daemon-reload, and none when nothing changes", async () => {
  const { start, adopt } = supervisor()
  await start(slotOf('b'))
  const idOf = (unit: string) => target.run(['systemctl', 'show', '--property=Id', '--value', unit])
  const enabled = (slot: string) =>
    target.exec(['test', '-L', `/etc/systemd/system/multi-user.target.wants/pay-api-${slot}.service`])
  for (const [live, other] of [
    ['a', 'b'],
    ['b', 'a'],
    ['a', 'b'],
  ] as const) {
    const pids = await target.run(['systemctl', 'show', '--property=MainPID', '--value', 'pay-api-a', 'pay-api-b'])
    ran.length = 0
    await adopt(slotOf(live))
    await adopt(slotOf(live))
    expect(ran).toEqual([['systemctl', 'daemon-reload']])
    expect(await idOf('pay-api.service')).toBe(`pay-api-${live}.service`)
    expect(await idOf(`pay-api-${other}.service`)).toBe(`pay-api-${other}.service`)
    expect((await enabled(live)).exitCode).toBe(0)
    expect((await enabled(other)).exitCode).toBe(1)
    expect(await target.run(['systemctl', 'show', '--property=MainPID', '--value', 'pay-api-a', 'pay-api-b'])).toBe(
      pids,
    )
  }
  await target.run(['systemctl', 'restart', 'pay-api'])
  expect((await supervisor().state(slotOf('a'))).state).toBe('active')
})

test('killed, it is started again', async () => {
  const { state } = supervisor()
  const before = await state(slotOf('a'))
  await target.run(['systemctl', 'kill', '--signal=KILL', 'pay-api-a.service'])
  await until('the end', async () => (await state(slotOf('a'))).state === 'failed')
  expect((await state(slotOf('a'))).ended).toBe('signal KILL')
  await until('the restart', async () => (await state(slotOf('a'))).state === 'active')
  const after = await state(slotOf('a'))
  expect(after.restarts).toBe(1)
  expect(after.pid).not.toBe(before.pid)
})

test("a confined command is the service's user in the sandbox, with its own words and exit code", async () => {
  const script = 'id -un; printf "%s|" "$@"; cat; touch /etc/x 2>/dev/null || echo refused; exit 7'
  const argv = confine('pay-api', ['sh', '-c', script, 'sh', '$HOME', '${HOME}', '%n', 'a b', '"'])
  const result = await target.exec(argv, { input: 'stdin\n' })
  expect(result).toMatchObject({ exitCode: 7, stdout: 'pay-api\n$HOME|${HOME}|%n|a b|"|stdin\nrefused\n' })
})

test('stopped and disowned, nothing of its name is left', async () => {
  const { stop, state, disown } = supervisor()
  await stop(slotOf('a'))
  await stop(slotOf('a'))
  await stop({ ...slotOf('a'), service: placed({ name: 'unknown' }) })
  expect((await state(slotOf('a'))).state).toBe('inactive')
  await disown(service)
  ran.length = 0
  await disown(service)
  expect(ran).toEqual([])
  expect((await target.exec(['test', '-L', '/etc/systemd/system/pay-api.service'])).exitCode).toBe(1)
})
