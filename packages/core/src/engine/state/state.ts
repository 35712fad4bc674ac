import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { type Actor, actor, outcome, type ResultEvent, serviceResult } from '../../protocol/events.ts'
import { type Resource, resource } from '../../protocol/resource.ts'
import { serializedError } from '../../protocol/serialized-error.ts'
import type { OperationSummary } from '../../protocol/wire.ts'
import { MIGRATIONS } from './migrations.ts'

const text = z.string()
const optionalText = z.string().nullable()

const operationRow = z.object({
  id: text,
  kind: text,
  actor: text,
  unit: text,
  started_at: text,
  ended_at: optionalText,
  outcome: outcome.nullable(),
  exit: z.int().nullable(),
  error: optionalText,
  services: text,
})
const releaseRow = z.object({
  service: text,
  id: text,
  operation: text,
  created_at: text,
  outcome: z.enum(['staged', 'good', 'bad']),
  served_at: optionalText,
})
const resourceRow = z.object({ service: optionalText, slot: optionalText, resource: text, engine: text })

export type ReleaseRow = z.output<typeof releaseRow>

/** A resource that this project made, closed (slot, port and release filled in). */
export interface OwnedResource {
  readonly resource: Resource
  readonly service: string | undefined
  readonly slot: string | undefined
  /** Engine whose code can remove it. */
  readonly engine: string
}

/** Index and history of a project on a host. Files and host are the truth. */
export class State {
  readonly #db: DatabaseSync
  readonly file: string

  constructor(file: string) {
    this.file = file
    try {
      // What it says of failed operations is redacted, and still nobody's business.
      closeSync(openSync(file, 'a', 0o600))
      this.#db = new DatabaseSync(file, { timeout: 5_000 })
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
      this.#migrate()
    } catch (thrown) {
      if (thrown instanceof AxleError) throw thrown
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      throw new AxleError('AXLE_STATE', `${file} cannot be read: ${why}.`, { where: file, cause: thrown })
    }
  }

  #migrate(): void {
    const row = this.#db.prepare('PRAGMA user_version').get()
    const version = z.object({ user_version: z.int() }).parse(row).user_version
    if (version > MIGRATIONS.length) {
      throw new AxleError(
        'AXLE_ENGINE_OLD',
        `${this.file} was written by a newer Axle (schema ${version}; this engine knows ${MIGRATIONS.length}).`,
        { where: this.file },
      )
    }
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < version) continue
      this.#db.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`)
    }
  }

  /** What is wrong with the file, if anything: a quick look that finds what was cut off or written over. */
  damage(): string | undefined {
    try {
      const row = z.object({ quick_check: z.string() }).parse(this.#db.prepare('PRAGMA quick_check(1)').get())
      return row.quick_check === 'ok' ? undefined : row.quick_check
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown)
    }
  }

  /** Others see all that `work` writes here, or nothing. */
  async atOnce(work: () => Promise<void>): Promise<void> {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      await work()
      this.#db.exec('COMMIT')
    } catch (thrown) {
      this.#db.exec('ROLLBACK')
      throw thrown
    }
  }

  close(): void {
    this.#db.close()
  }

  begin(operation: { id: string; kind: string; actor: Actor; unit: string; startedAt: string }): void {
    const { id, kind, actor: who, unit, startedAt } = operation
    this.#db
      .prepare('INSERT OR REPLACE INTO operations (id, kind, actor, unit, started_at) VALUES (?, ?, ?, ?, ?)')
      .run(id, kind, JSON.stringify(who), unit, startedAt)
  }

  end(id: string, endedAt: string, result: ResultEvent): void {
    this.#db
      .prepare('UPDATE operations SET ended_at = ?, outcome = ?, exit = ?, error = ?, services = ? WHERE id = ?')
      .run(
        endedAt,
        result.outcome,
        result.exit,
        result.error === undefined ? null : JSON.stringify(result.error),
        JSON.stringify(result.services),
        id,
      )
  }

  /** Newest first. `running` is the operation that holds the lock, if any; `services`: only those that touched one of them. */
  operations(limit: number, running: string | undefined, services?: readonly string[]): readonly OperationSummary[] {
    const asked = services === undefined ? null : JSON.stringify(services)
    const rows = this.#db
      .prepare(
        `SELECT * FROM operations
         WHERE ? IS NULL OR EXISTS (
           SELECT 1 FROM json_each(operations.services) AS touched, json_each(?) AS asked
           WHERE touched.value ->> 'service' = asked.value)
         ORDER BY started_at DESC, id DESC LIMIT ?`,
      )
      .all(asked, asked, limit)
    return rows.map((raw) => {
      const row = operationRow.parse(raw)
      return {
        id: row.id,
        kind: row.kind,
        startedAt: row.started_at,
        actor: actor.parse(JSON.parse(row.actor)),
        outcome: row.outcome ?? (row.id === running ? 'running' : 'died'),
        services: z.array(serviceResult).parse(JSON.parse(row.services)),
        ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
        ...(row.exit === null ? {} : { exit: row.exit }),
        ...(row.error === null ? {} : { error: serializedError.parse(JSON.parse(row.error)) }),
      }
    })
  }

  staged(service: string, id: string, operation: string, at: string): void {
    this.#db
      .prepare(
        `INSERT INTO releases (service, id, operation, created_at, outcome) VALUES (?, ?, ?, ?, 'staged')
         ON CONFLICT (service, id) DO NOTHING`,
      )
      .run(service, id, operation, at)
  }

  served(service: string, id: string, at: string): void {
    this.#db
      .prepare("UPDATE releases SET outcome = 'good', served_at = ? WHERE service = ? AND id = ?")
      .run(at, service, id)
  }

  /** A release that once served well keeps its good name. */
  failed(service: string, id: string): void {
    this.#db
      .prepare("UPDATE releases SET outcome = 'bad' WHERE service = ? AND id = ? AND outcome = 'staged'")
      .run(service, id)
  }

  forget(service: string, id: string): void {
    this.#db.prepare('DELETE FROM releases WHERE service = ? AND id = ?').run(service, id)
  }

  /** Whether a release of a service ever served well. */
  hasServed(service: string, id: string): boolean {
    const row = this.#db.prepare('SELECT served_at FROM releases WHERE service = ? AND id = ?').get(service, id)
    return row !== undefined && row.served_at !== null
  }

  /** Last served first, then last staged. */
  releases(service: string): readonly ReleaseRow[] {
    return this.#db
      .prepare('SELECT * FROM releases WHERE service = ? ORDER BY served_at DESC NULLS LAST, created_at DESC')
      .all(service)
      .map((row) => releaseRow.parse(row))
  }

  own(resourceOwned: Resource, engine: string): void {
    const { kind, id, scope, service, slot } = resourceOwned
    this.#db
      .prepare(
        'INSERT OR REPLACE INTO resources (kind, id, scope, service, slot, resource, engine) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(kind, id, scope, service ?? null, slot ?? null, JSON.stringify(resourceOwned), engine)
  }

  disown(of: { kind: string; id: string }): void {
    this.#db.prepare('DELETE FROM resources WHERE kind = ? AND id = ?').run(of.kind, of.id)
  }

  owned(): readonly OwnedResource[] {
    const parse = (raw: Record<string, SQLOutputValue>): OwnedResource => {
      const row = resourceRow.parse(raw)
      return {
        resource: resource.parse(JSON.parse(row.resource)),
        service: row.service ?? undefined,
        slot: row.slot ?? undefined,
        engine: row.engine,
      }
    }
    return this.#db.prepare('SELECT * FROM resources ORDER BY rowid').all().map(parse)
  }
}
