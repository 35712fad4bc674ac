import { AxleError } from '../../protocol/errors.ts'
import { type Resource, resourceKey } from '../../protocol/resource.ts'

/** Without a declared need, owners come before what they own, and units after the files they read. */
const RANK: readonly string[] = ['user', 'directory', 'file', 'link', 'unit']

function rank(resource: Resource): number {
  const at = RANK.indexOf(resource.kind)
  return at === -1 ? RANK.length : at
}

/** Needs first; among what is free to go, by kind, so that one kind comes in few batches; then as declared. */
export function inOrder(resources: readonly Resource[]): readonly Resource[] {
  const waiting = new Map(resources.map((one) => [resourceKey(one), one]))
  const done: Resource[] = []
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter((one) => one.needs.every((need) => !waiting.has(need)))
    if (free.length === 0) {
      throw new AxleError('AXLE_PLUGIN', `These resources need each other: ${[...waiting.keys()].join(', ')}.`)
    }
    for (const one of free.sort((a, b) => rank(a) - rank(b))) {
      done.push(one)
      waiting.delete(resourceKey(one))
    }
  }
  return done
}

/** Runs of the same kind: what one call of a kind does. */
export function batches(ordered: readonly Resource[]): readonly (readonly Resource[])[] {
  const result: Resource[][] = []
  for (const one of ordered) {
    const last = result.at(-1)
    if (last?.[0]?.kind === one.kind) last.push(one)
    else result.push([one])
  }
  return result
}
