import * as z from 'zod'
import { defineKind } from '../../../define/kind.ts'
import { AxleError } from '../../../protocol/errors.ts'
import type { FileStat } from '../../host/host.ts'
import { contentChange, difference, modeDifference, shortHash } from './content.ts'
import { mode, namesOf, numbersOf, type Owner, owner, ROOT, shownOwner } from './owners.ts'

const spec = z.strictObject({ content: z.string(), mode, owner: owner.default(ROOT) })
type Spec = z.output<typeof spec>

interface SeenFile {
  readonly type: FileStat['type']
  readonly mode: string
  readonly owner: Owner
  /** `undefined` where it is no file. */
  readonly content: string | undefined
}

function changesOf(wanted: Spec, seen: SeenFile | undefined) {
  const { mode, owner, content } = wanted
  const there = seen?.type === 'file' ? seen : undefined
  return [
    ...(seen === undefined || there !== undefined ? [] : difference('type', seen.type, 'file')),
    ...(there?.content === content ? [] : [contentChange(mode, there?.content, content)]),
    ...modeDifference(there?.mode, mode),
    ...difference('owner', there === undefined ? undefined : shownOwner(there.owner), shownOwner(owner)),
  ]
}

/** A file with its content, mode and owner. */
export const fileKind = defineKind<Spec, SeenFile>({
  name: 'file',
  version: 1,
  spec,
  observe: async (host, wanted) => {
    const found = await Promise.all(
      wanted.map(async ({ id }) => {
        const stat = await host.stat(id)
        return { id, stat, content: stat?.type === 'file' ? await host.read(id) : undefined }
      }),
    )
    const there = found.flatMap(({ stat, ...rest }) => (stat === undefined ? [] : [{ ...rest, stat }]))
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
      there.map(({ id, stat, content }) => {
        const { type, mode, uid, gid } = stat
        return [id, { type, mode, owner: { user: users(uid), group: groups(gid) }, content }]
      }),
    )
  },
  compare: (wanted, seen) => {
    const changes = changesOf(wanted, seen)
    if (changes.length > 0) return { changes }
    const secret = (Number.parseInt(wanted.mode, 8) & 0o077) === 0
    return { same: secret ? 'the file is as wanted' : `the file is as wanted (${shortHash(wanted.content)})` }
  },
  sync: async (host, batch, signal) => {
    const numbers = await numbersOf(
      host,
      batch.map(({ spec }) => spec.owner),
    )
    for (const { id, spec, seen } of batch) {
      signal.throwIfAborted()
      if (seen !== undefined && seen.type !== 'file' && seen.type !== 'link') {
        throw new AxleError('AXLE_NOT_OURS', `${id} is there already, and is no file`, { where: id })
      }
      const aspects = new Set(changesOf(spec, seen).map(({ aspect }) => aspect))
      const attributes = { mode: spec.mode, ...numbers(spec.owner) }
      if (aspects.has('content') || aspects.has('type')) await host.write(id, spec.content, attributes)
      else if (aspects.size > 0) await host.setAttributes(id, attributes)
    }
  },
  remove: async (host, recorded) => {
    for (const { id } of recorded) {
      if ((await host.stat(id))?.type === 'file') await host.remove(id)
    }
  },
})
