import { stat } from 'node:fs/promises'
import { project as at } from '../../protocol/layout.ts'
import type { LocalHost } from '../host/local-host.ts'

/** Operations whose events and request are kept, newest first. */
const OPERATIONS = 100
/** An engine that was just sent is about to be started by somebody: it stays for this long (milliseconds). */
const GRACE = 3_600_000

const ENGINE = /^engine-([0-9a-f]{16})\.cjs$/

/** Removes old operations, and engines that nothing recorded needs: their code can take away what they made. */
export async function pruneProject(host: LocalHost, project: string, needed: ReadonlySet<string>): Promise<void> {
  const folder = at.directory(project)
  const operations = await host.list(`${folder}/operations`)
  for (const name of operations.toReversed().slice(OPERATIONS)) {
    await host.remove(at.operation(project, name), { recursive: true })
  }
  for (const name of await host.list(folder)) {
    const hash = ENGINE.exec(name)?.[1]
    if (hash === undefined || needed.has(hash)) continue
    const { mtimeMs } = await stat(host.path(`${folder}/${name}`))
    if (Date.now() - mtimeMs > GRACE) await host.remove(`${folder}/${name}`)
  }
}
