import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { KEPT_TURNS, type Memory } from './memory.ts'

/** How long a statement waits for the other release's write. A write takes about a millisecond, so this is never reached in health. */
const BUSY_TIMEOUT_MS = 5000

/**
 * Only ever add to this list, and only what an older release can live with (a table, a column with a default): during a
 * deploy two releases share the file, and a rollback brings the older one back to a newer file.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE turns (
     id INTEGER PRIMARY KEY,
     user_id TEXT NOT NULL,
     user_input TEXT NOT NULL,
     reply TEXT NOT NULL,
     at TEXT NOT NULL
   ) STRICT;
   CREATE INDEX turns_of_user ON turns (user_id, id);`,
]

const rowSchema = z.object({ user_input: z.string(), reply: z.string(), at: z.string() })
const versionSchema = z.object({ user_version: z.number() })

function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function migrate(db: DatabaseSync): void {
  transaction(db, () => {
    const { user_version: version } = versionSchema.parse(db.prepare('PRAGMA user_version').get())
    for (const sql of MIGRATIONS.slice(version)) db.exec(sql)
    if (version < MIGRATIONS.length) db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
  })
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  )
}

/** SQLite does not wait for its busy timeout when two processes switch a new file to WAL at once: the loser has to ask again. */
function switchToWal(db: DatabaseSync): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function open(file: string): DatabaseSync {
  const folder = dirname(file)
  // Not recursive: a mistyped path should not grow folders, and Node's recursive mkdir never returns below /proc.
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
  // Made here, not by SQLite, so that a conversation is never readable by others; the -wal and -shm files take this mode.
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    switchToWal(db)
    // FULL: a turn that was answered survives a power cut. Beside a model's seconds the fsync costs nothing.
    db.exec('PRAGMA synchronous = FULL')
    migrate(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Memory in one SQLite file, which two releases may have open at once. */
export function openSqliteMemory(file: string): Memory {
  const db = open(file)
  const select = db.prepare('SELECT user_input, reply, at FROM turns WHERE user_id = ? ORDER BY id DESC LIMIT ?')
  const insert = db.prepare('INSERT INTO turns (user_id, user_input, reply, at) VALUES (?, ?, ?, ?)')
  const prune = db.prepare(
    'DELETE FROM turns WHERE user_id = :user AND id <= (SELECT id FROM turns WHERE user_id = :user ORDER BY id DESC LIMIT 1 OFFSET :kept)',
  )
  return {
    kind: 'sqlite',
    async recent(userId, limit) {
      const rows = z.array(rowSchema).parse(select.all(userId, limit))
      return rows.reverse().map((row) => ({ userInput: row.user_input, reply: row.reply, at: new Date(row.at) }))
    },
    async remember(userId, turn) {
      transaction(db, () => {
        insert.run(userId, turn.userInput, turn.reply, turn.at.toISOString())
        prune.run({ user: userId, kept: KEPT_TURNS })
      })
    },
    async check() {
      // IMMEDIATE takes the write lock, so a file that has become read-only shows here and not at a user's next turn.
      transaction(db, () => {
        select.get('', 1)
      })
    },
    async close() {
      if (db.isOpen) db.close()
    },
  }
}
