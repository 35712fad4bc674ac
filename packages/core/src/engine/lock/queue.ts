import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { type WaitingFor, waitingFor } from '../../protocol/wire.ts'

const row = z.object({ id: z.int(), pid: z.int(), started: z.string(), who: z.string() })

/** The right to start the project's next operation, in the order of asking. */
export interface Ticket {
  /** Who is before this one, first come first. */
  before(): readonly WaitingFor[]
  leave(): void
}

/**
 * Those who want to start an operation, in order. A ticket is worth nothing once its process has ended, however that
 * happened: nobody has to clean up after a viewer that went away.
 */
export class Queue implements Disposable {
  readonly #db: DatabaseSync

  constructor(file: string) {
    const found = inodeOf(file)
    try {
      this.#db = open(file)
    } catch (thrown) {
      if (!(thrown instanceof Error && DAMAGED.test(thrown.message))) throw thrown
      setAside(file, found)
      this.#db = open(file)
    }
  }

  /** AUTOINCREMENT: who comes later has a higher number, also when others have left. */
  enter(who: WaitingFor, pid = process.pid): Ticket {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO tickets (pid, started, who) VALUES (?, ?, ?)')
      .run(pid, startOf(pid) ?? '', JSON.stringify(who))
    return {
      before: () => this.#before(lastInsertRowid),
      leave: () => this.#remove(lastInsertRowid),
    }
  }

  #before(id: number | bigint): readonly WaitingFor[] {
    const rows = this.#db.prepare('SELECT * FROM tickets WHERE id < ? ORDER BY id').all(id)
    return rows.flatMap((raw) => {
      const ticket = row.parse(raw)
      if (startOf(ticket.pid) === ticket.started) return [whoOf(ticket.who)]
      this.#remove(ticket.id)
      return []
    })
  }

  #remove(id: number | bigint): void {
    this.#db.prepare('DELETE FROM tickets WHERE id = ?').run(id)
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}

/** SQLite's words for a file that is not, or not any more, one of ours. */
const DAMAGED = /file is not a database|malformed|disk image|no such column/

function open(file: string): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600))
  const db = new DatabaseSync(file, { timeout: 5_000 })
  try {
    db.exec(
      `CREATE TABLE IF NOT EXISTS tickets (
         id INTEGER PRIMARY KEY AUTOINCREMENT, pid INTEGER NOT NULL, started TEXT NOT NULL, who TEXT NOT NULL
       ) STRICT`,
    )
    // Reads all of it, and asks for each column: what is damaged further in is found here too.
    for (const _ of db.prepare('SELECT id, pid, started, who FROM tickets').iterate());
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

function inodeOf(file: string): number {
  const fd = openSync(file, 'a', 0o600)
  try {
    return fstatSync(fd).ino
  } finally {
    closeSync(fd)
  }
}

/** Its tickets are lost, and are no reason to refuse whoever comes next. Who came at the same time may have done it already. */
function setAside(file: string, damaged: number): void {
  if (statSync(file, { throwIfNoEntry: false })?.ino !== damaged) return
  rmSync(`${file}-journal`, { force: true })
  renameSync(file, `${file}.damaged`)
}

function whoOf(text: string): WaitingFor {
  try {
    return waitingFor.parse(JSON.parse(text))
  } catch {
    return { what: 'operation', since: new Date(0).toISOString(), actor: { user: 'unknown', host: 'unknown' } }
  }
}

/** When a process started (proc_pid_stat(5), field 22): a number that is given again later is another process. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the program's name, may itself contain blanks and brackets.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
