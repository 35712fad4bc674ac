import * as z from 'zod'
import { defineKind } from '../../../define/kind.ts'
import { AxleError } from '../../../protocol/errors.ts'
import type { HostReader } from '../../host/host.ts'
import { difference } from './content.ts'
import { getent } from './owners.ts'

const NOBODY_LOGS_IN = '/usr/sbin/nologin'
const path = z.string().regex(/^\/[^:\n]*$/, 'expected an absolute path')
const spec = z.strictObject({ home: path, shell: path.default(NOBODY_LOGS_IN) })
type Spec = z.output<typeof spec>

interface SeenUser {
  readonly uid: number
  readonly home: string
  readonly shell: string
}

function changesOf({ home, shell }: Spec, seen: SeenUser | undefined) {
  return [...difference('home', seen?.home, home), ...difference('shell', seen?.shell, shell)]
}

/**
 * Joining such a group would give the service its rights: think of a service called "docker". Found when the host is only
 * looked at: an undo takes away the group of the user that it takes away, and this one is somebody's.
 */
async function refuseForeignGroups(host: HostReader, absent: readonly string[]): Promise<void> {
  const [taken] = await getent(host, 'group', absent)
  if (taken === undefined) return
  throw new AxleError('AXLE_NOT_OURS', `The host has a group ${taken[0]} already, without a user of that name.`, {
    where: `group ${taken[0]}`,
    hint: `Rename the service, or remove the group by hand: groupdel ${taken[0]}`,
  })
}

/** A system user with a group of its own name, that nobody logs in as. Its home is neither made nor removed. */
export const userKind = defineKind<Spec, SeenUser>({
  name: 'user',
  version: 1,
  spec,
  observe: async (host, wanted) => {
    const users = await getent(
      host,
      'passwd',
      wanted.map(({ id }) => id),
    )
    await refuseForeignGroups(
      host,
      wanted.map(({ id }) => id).filter((id) => !users.some(([name]) => name === id)),
    )
    return new Map(
      users.map(([name = '', , uid, , , home = '', shell = '']) => [name, { uid: Number(uid), home, shell }]),
    )
  },
  compare: (wanted, seen) => {
    const changes = changesOf(wanted, seen)
    return changes.length > 0 || seen === undefined ? { changes } : { same: `the user is as wanted (uid ${seen.uid})` }
  },
  sync: async (host, batch, signal) => {
    for (const { id, spec, seen } of batch) {
      signal.throwIfAborted()
      const { home, shell } = spec
      const settings = ['--home-dir', home, '--shell', shell]
      if (seen === undefined)
        await host.run(['useradd', '--system', '--user-group', '--no-create-home', ...settings, '--', id])
      else if (changesOf(spec, seen).length > 0) await host.run(['usermod', '--home', home, '--shell', shell, '--', id])
    }
  },
  remove: async (host, recorded) => {
    const names = recorded.map(({ id }) => id)
    for (const [name] of await getent(host, 'passwd', names)) {
      // Without --remove: what the home holds is data.
      if (name !== undefined) await host.run(['userdel', '--', name])
    }
    for (const [name] of await getent(host, 'group', names)) {
      if (name !== undefined) await host.run(['groupdel', '--', name])
    }
  },
})
