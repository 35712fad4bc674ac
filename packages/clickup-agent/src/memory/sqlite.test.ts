import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { tempDir } from '../testing/temp-dir.ts'
import { memoryContract } from './memory.contract.ts'
import { KEPT_TURNS } from './memory.ts'
import { openSqliteMemory } from './sqlite.ts'

const run = promisify(execFile)
const WRITER = new URL('../testing/sqlite-writer.ts', import.meta.url).pathname
const NAMES = ['one', 'two', 'three', 'four']

memoryContract('SQLite', async () => {
  const dir = await tempDir()
  const file = join(dir.path, 'memory.sqlite')
  return { open: () => openSqliteMemory(file), [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() }
})

it('is shared by processes that start and write at the same time: no turn is lost, none fails', async () => {
  for (let round = 0; round < 6; round += 1) {
    await using dir = await tempDir()
    const file = join(dir.path, 'memory.sqlite')
    const at = String(Date.now() + 500)
    await Promise.all(NAMES.map((name) => run(process.execPath, [WRITER, file, name, '30', at])))
    const memory = openSqliteMemory(file)
    for (const name of NAMES) {
      const turns = await memory.recent(name, KEPT_TURNS)
      expect(turns.map((turn) => turn.userInput)).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`))
    }
    expect(await memory.recent('shared', KEPT_TURNS + 1)).toHaveLength(KEPT_TURNS)
    await memory.close()
  }
}, 30_000)

it('can be opened by an older release after a newer one has been there', async () => {
  await using dir = await tempDir()
  const file = join(dir.path, 'memory.sqlite')
  await openSqliteMemory(file).close()
  const db = new DatabaseSync(file)
  db.exec('ALTER TABLE turns ADD COLUMN mood TEXT; PRAGMA user_version = 2')
  db.close()
  const memory = openSqliteMemory(file)
  await memory.remember('a', { userInput: 'x', reply: 'y', at: new Date(0) })
  expect(await memory.recent('a', 1)).toHaveLength(1)
  await memory.close()
  const after = new DatabaseSync(file)
  expect(after.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 2 })
  after.close()
})

it('keeps its files to itself', async () => {
  await using dir = await tempDir()
  const file = join(dir.path, 'data', 'memory.sqlite')
  const memory = openSqliteMemory(file)
  await memory.remember('a', { userInput: 'x', reply: 'y', at: new Date(0) })
  expect(statSync(join(dir.path, 'data')).mode & 0o777).toBe(0o700)
  for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600)
  await memory.close()
})
