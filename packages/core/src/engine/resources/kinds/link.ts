import * as z from 'zod'
import { defineKind } from '../../../define/kind.ts'
import { AxleError } from '../../../protocol/errors.ts'
import type { FileStat } from '../../host/host.ts'
import { difference } from './content.ts'

const spec = z.strictObject({ target: z.string().min(1) })
type Spec = z.output<typeof spec>
type SeenLink = Pick<FileStat, 'type' | 'target'>

/** A symbolic link and what it says; whether that is there is not its business. */
export const linkKind = defineKind<Spec, SeenLink>({
  name: 'link',
  version: 1,
  spec,
  observe: async (host, wanted) => {
    const found = await Promise.all(wanted.map(async ({ id }) => [id, await host.stat(id)] as const))
    return new Map(found.flatMap(([id, stat]) => (stat === undefined ? [] : [[id, stat]])))
  },
  compare: ({ target }, seen) => {
    if (seen !== undefined && seen.type !== 'link') return { changes: difference('type', seen.type, 'link') }
    const changes = difference('target', seen?.target, target)
    return changes.length > 0 ? { changes } : { same: `the link says ${target}` }
  },
  sync: async (host, batch, signal) => {
    for (const { id, spec, seen } of batch) {
      signal.throwIfAborted()
      if (seen !== undefined && seen.type !== 'link') {
        throw new AxleError('AXLE_NOT_OURS', `${id} is there already, and is no link`, { where: id })
      }
      await host.link(id, spec.target)
    }
  },
  remove: async (host, recorded) => {
    for (const { id } of recorded) {
      if ((await host.stat(id))?.type === 'link') await host.remove(id)
    }
  },
})
