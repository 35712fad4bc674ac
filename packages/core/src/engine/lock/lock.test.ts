import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockHolder, tryLock } from './lock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
const file = () => join(folder, 'lock.db')
const details = {
  operation: 'op',
  what: 'deploy',
  since: '2026-01-01T00:00:00.000Z',
  pid: process.pid,
  actor: { user: 'ann', host: 'laptop' },
}

it('names its holder, and nobody once it is free', () => {
  expect(lockHolder(file())).toBeUndefined()
  const lock = tryLock(file(), details)
  expect(lockHolder(file())).toEqual(details)
  expect(tryLock(file(), details)).toBeUndefined()
  lock?.release()
  expect(lockHolder(file())).toBeUndefined()
})

it('is not taken for held by who looks at it while another looks', () => {
  tryLock(file(), details)?.release()
  const looker = new DatabaseSync(file())
  looker.exec('BEGIN; SELECT count(*) FROM sqlite_schema')
  expect(lockHolder(file())).toBeUndefined()
  looker.exec('ROLLBACK')
  looker.close()
})
