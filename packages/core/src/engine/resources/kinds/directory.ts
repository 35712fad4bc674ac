import * as z from 'zod'
import { defineKind } from '../../../define/kind.ts'
import { AxleError } from '../../../protocol/errors.ts'
import type { FileStat } from '../../host/host.ts'
import { difference, modeDifference } from './content.ts'
import { mode, namesOf, numbersOf, type Owner, owner, ROOT, shownOwner } from './owners.ts'

const spec = z.strictObject({ mode, owner: owner.default(ROOT) })
type Spec = z.output<typeof spec>

interface SeenDirectory {
  readonly type: FileStat['type']
  readonly mode: string
  readonly owner: Owner
}

function changesOf({ mode, owner }: Spec, seen: SeenDirectory | undefined) {
  if (seen !== undefined && seen.type !== 'directory') return difference('type', seen.type, 'directory')
  return [
    ...modeDifference(seen?.mode, mode),
    ...difference('owner', seen === undefined ? undefined : shownOwner(seen.owner), shownOwner(owner)),
  ]
}

const outermostFirst = (a: { readonly id: string }, b: { readonly id: string }): number => a.id.length - b.id.length

/** A folder with its mode and owner. Its removal leaves a folder in place that holds anything: nobody's data is lost by an undo. */
export const directoryKind = defineKind<Spec, SeenDirectory>({
  name: 'directory',
  version: 1,
  spec,
  observe: async (host, wanted) => {
    const found = await Promise.all(wanted.map(async ({ id }) => ({ id, stat: await host.stat(id) })))
    const there = found.flatMap(({ id, stat }) => (stat === undefined ? [] : [{ id, stat }]))
    const users = await namesOf(
      host,
      'passwd',
      there.map(({ stat }) => stat.uid),
    )
    const groups = await namesOf(
      host,
      'group',
      there.map(({ stat }) => stat.gid),
    )
    return new Map(
      there.map(({ id, stat }) => {
        return [id, { type: stat.type, mode: stat.mode, owner: { user: users(stat.uid), group: groups(stat.gid) } }]
      }),
    )
  },
  compare: (wanted, seen) => {
    const changes = changesOf(wanted, seen)
    if (changes.length > 0) return { changes }
    return { same: `the folder is as wanted (${wanted.mode} ${shownOwner(wanted.owner)})` }
  },
  sync: async (host, batch, signal) => {
    const numbers = await numbersOf(
      host,
      batch.map(({ spec }) => spec.owner),
    )
    for (const { id, spec, seen } of batch.toSorted(outermostFirst)) {
      signal.throwIfAborted()
      if (seen !== undefined && seen.type !== 'directory') {
        throw new AxleError('AXLE_NOT_OURS', `${id} is there already, and is no folder`, { where: id })
      }
      await host.makeDirectory(id, { mode: spec.mode, ...numbers(spec.owner) })
    }
  },
  remove: async (host, recorded) => {
    for (const { id } of recorded.toSorted(outermostFirst).reverse()) {
      if ((await host.stat(id))?.type === 'directory' && (await host.list(id)).length === 0) await host.remove(id)
    }
  },
})
