import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Background } from '../background/background.ts'
import { LocalHost } from '../host/local-host.ts'
import { testFacts } from '../host/test-host.ts'
import { tryLock } from '../lock/lock.ts'
import { operationAlive } from './alive.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-alive-'))
  await mkdir(join(folder, 'opt/axle/projects/shop'), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function countedSystemd() {
  let asked = 0
  const background: Background = {
    start: async () => {},
    stop: async () => {},
    known: async () => true,
    active: async () => {
      asked += 1
      return false
    },
  }
  return { background, asked: () => asked }
}

test('a process that lives is seen without asking systemd; one that is gone, or another, is not believed', async () => {
  const host = new LocalHost({ root: folder, facts: testFacts })
  const { background, asked } = countedSystemd()
  const engine = spawn('sh', ['-c', 'sleep 60; :', 'run', 'shop', 'op-1'])
  const details = { what: 'deploy', since: 'now', pid: engine.pid ?? 0, actor: { user: 'ann', host: 'h' } }
  tryLock(join(folder, 'opt/axle/projects/shop/lock.db'), { operation: 'op-1', ...details })?.release()
  const alive = (operation: string) => operationAlive(host, background, { project: 'shop', operation, unit: 'u' })
  expect([await alive('op-1'), asked()]).toEqual([true, 0])
  expect([await alive('op-2'), asked()]).toEqual([false, 1])
  engine.kill('SIGKILL')
  await once(engine, 'exit')
  expect([await alive('op-1'), asked()]).toEqual([false, 2])
})
