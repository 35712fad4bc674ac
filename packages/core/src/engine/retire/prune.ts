import { service as at, SECRETS } from '../../protocol/layout.ts'
import { releaseId } from '../../protocol/release.ts'
import type { Engine } from '../engine.ts'
import { occupant } from '../release/live.ts'

/** A release that is taken apart, or was never whole. */
const HALF = /^\.(.+)\.(?:gone|tmp)$/

/**
 * Keeps the newest `keep` releases, and always those that a slot holds. Runs in the service's retire unit, and may be
 * ended at any moment: the row goes last, so that the next run finds what is left. No operation stages a release of
 * this service meanwhile, because its first step waits for that unit or ends it (see `free`).
 */
export async function prune(engine: Engine, service: string, keep: number): Promise<void> {
  const held = new Set([await occupant(engine.host, service, 'a'), await occupant(engine.host, service, 'b')])
  const rows = engine.state.releases(service)
  for (const [index, row] of rows.entries()) {
    if (index < keep || held.has(row.id)) continue
    await removeRelease(engine, service, row.id)
    engine.state.forget(service, row.id)
  }
  await sweep(engine, service, held)
  await engine.store.prune(3_600_000)
}

async function removeRelease({ host, secrets }: Engine, service: string, id: string): Promise<void> {
  // Out of the way before it is taken apart: half a release must never be found under its name.
  const going = `${at.releases(service)}/.${id}.gone`
  await host.remove(going, { recursive: true })
  if ((await host.stat(at.release(service, id))) !== undefined) await host.rename(at.release(service, id), going)
  await host.remove(going, { recursive: true })
  await secrets.removeForRelease(service, id)
}

/** What an end in the middle left: of a prune before rows went last, of a staging, of an undo. */
async function sweep(engine: Engine, service: string, held: ReadonlySet<string | undefined>): Promise<void> {
  const { host, state } = engine
  const folders = await host.list(at.releases(service))
  const copies = await host.list(`${SECRETS}/${service}`)
  // Read after the folders: a release has its row before it has anything else.
  const known = new Set(state.releases(service).map((row) => row.id))
  // A state that does not know what serves was lost, and says nothing of the rest.
  if ([...held].some((id) => id !== undefined && !known.has(id))) return
  const isLeft = (id: string) => releaseId.safeParse(id).success && !known.has(id) && !held.has(id)
  for (const name of folders) {
    const half = HALF.exec(name)?.[1]
    if (half !== undefined) await host.remove(`${at.releases(service)}/${name}`, { recursive: true })
    else if (isLeft(name)) await removeRelease(engine, service, name)
  }
  for (const name of copies) {
    const id = name.replace(/\.env$/, '')
    if (id !== name && isLeft(id)) await engine.secrets.removeForRelease(service, id)
  }
}
