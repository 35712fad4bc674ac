import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { type Resource, resource } from '../../protocol/resource.ts'

/** What the state of a project says of things that other projects care about. */
export interface StateGlance {
  readonly services: readonly string[]
  /** Its resources of scope `host`. */
  readonly shared: readonly Resource[]
}

const serviceRow = z.object({ service: z.string() })
const resourceRow = z.object({ resource: z.string() })

/**
 * Looks into the state of another project, which may be older or newer than this engine's: read only, never migrated.
 * `undefined` where it does not say what is asked for.
 */
export function lookIntoState(file: string): StateGlance | undefined {
  try {
    using db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
    const services = db.prepare('SELECT DISTINCT service FROM releases').all()
    const shared = db.prepare("SELECT resource FROM resources WHERE scope = 'host'").all()
    return {
      services: services.map((row) => serviceRow.parse(row).service),
      shared: shared.map((row) => resource.parse(JSON.parse(resourceRow.parse(row).resource))),
    }
  } catch {
    return undefined
  }
}
