import { AxleError } from '../../protocol/errors.ts'
import { project as at } from '../../protocol/layout.ts'
import type { LocalHost } from '../host/local-host.ts'
import { setAside } from '../host/set-aside.ts'
import { State } from './state.ts'

/** SQLite's own words for a file whose content is damaged, and not merely busy or out of reach. */
const DAMAGED = /file is not a database|malformed|disk image/

export function isDamaged(thrown: unknown): boolean {
  return thrown instanceof Error && DAMAGED.test(thrown.message)
}

export interface OpenedState {
  readonly state: State
  /** Why it is empty although it was not: in words, with the place where a damaged file now lies. */
  readonly lost?: string
}

/** Opens a project's state. With `mend`, a damaged one is set aside for an empty one; without, it is an error. */
export async function openState(host: LocalHost, project: string, mend: boolean): Promise<OpenedState> {
  const path = at.state(project)
  const file = host.path(path)
  const size = (await host.stat(path))?.size ?? 0
  // Something was deployed here once: then a state that is empty was lost.
  if (size === 0 && (await host.stat(at.run(project))) !== undefined) {
    if (!mend) throw unreadable(path, 'it is empty')
    return { state: new State(file), lost: 'was empty' }
  }
  try {
    const state = new State(file)
    const damage = state.damage()
    if (damage === undefined) return { state }
    state.close()
    if (!mend) throw unreadable(path, damage)
  } catch (thrown) {
    if (!mend || !isDamaged(thrown)) throw thrown
  }
  // What belongs to the damaged file must not be taken for the new one's.
  for (const suffix of ['-wal', '-shm']) await host.remove(`${path}${suffix}`)
  const aside = await setAside(host, path)
  return { state: new State(file), lost: `could not be read, and is kept as ${aside}` }
}

function unreadable(path: string, why: string): AxleError {
  return new AxleError('AXLE_STATE', `${path} cannot be read: ${why}.`, { where: path })
}
