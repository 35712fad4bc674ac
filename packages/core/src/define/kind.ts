import type * as z from 'zod'
import type { Host, HostReader } from '../engine/host/host.ts'
import { AxleError } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import { type Change, resourceKey } from '../protocol/resource.ts'

/** How one kind of resource is looked at, compared and changed. There is no "create" beside an "update": what differs is synced. */
export interface ResourceKindDefinition<S, O> {
  readonly name: string
  /** Raised when the meaning of `spec` changes. */
  readonly version: number
  readonly spec: z.ZodType<S>
  /** What it wants is that something is *not* there: nothing is made, so nothing can be somebody else's. */
  readonly absence?: true
  /** One batch a kind. What is absent on the host is absent from the answer. */
  observe(host: HostReader, wanted: readonly Wanted<S>[]): Promise<ReadonlyMap<string, O>>
  /** Pure. `same` says why nothing is to do. */
  compare(spec: S, seen: O | undefined): Comparison
  /** One batch a kind, only what differs. */
  sync(host: Host, wanted: readonly Seen<S, O>[], signal: AbortSignal): Promise<void>
  /** Removes what was recorded, as far as it is there. */
  remove(host: Host, recorded: readonly Wanted<S>[], signal: AbortSignal): Promise<void>
}

export interface Wanted<S> {
  readonly id: string
  readonly spec: S
}
export interface Seen<S, O> extends Wanted<S> {
  readonly seen: O | undefined
}
export type Comparison = { readonly same: string } | { readonly changes: readonly Change[] }

/** What one look at the host found out about a batch of resources of one kind. */
export interface Inspection {
  readonly comparisons: ReadonlyMap<string, Comparison>
  /** Which of them are on the host at all. */
  readonly present: ReadonlySet<string>
  sync(host: Host, ids: readonly string[], signal: AbortSignal): Promise<void>
}

/** A kind whose types are its own business: what the engine works with. */
export interface ResourceKind {
  readonly name: string
  readonly version: number
  /** Throws AXLE_RESOURCE where a spec is not valid. */
  check(wanted: Wanted<Json>): void
  inspect(host: HostReader, wanted: readonly Wanted<Json>[]): Promise<Inspection>
  remove(host: Host, recorded: readonly Wanted<Json>[], signal: AbortSignal): Promise<void>
}

export function defineKind<S, O>(definition: ResourceKindDefinition<S, O>): ResourceKind {
  const { name, version } = definition
  const parse = ({ id, spec }: Wanted<Json>): Wanted<S> => {
    const parsed = definition.spec.safeParse(spec)
    if (parsed.success) return { id, spec: parsed.data }
    const [issue] = parsed.error.issues
    throw new AxleError(
      'AXLE_RESOURCE',
      `The spec of ${resourceKey({ kind: name, id })} is not valid: ${issue?.message}`,
      {
        where: ['spec', ...(issue?.path ?? [])].join('.'),
      },
    )
  }
  return {
    name,
    version,
    check: (wanted) => {
      parse(wanted)
    },
    inspect: async (reader, batch) => {
      const wanted = batch.map(parse)
      const found = await definition.observe(reader, wanted)
      const byId = new Map(wanted.map((one) => [one.id, one]))
      return {
        comparisons: new Map(wanted.map((one) => [one.id, definition.compare(one.spec, found.get(one.id))])),
        present: new Set(definition.absence === true ? [] : found.keys()),
        sync: async (host, ids, signal) => {
          const differing = ids.flatMap((id) => {
            const one = byId.get(id)
            return one === undefined ? [] : [{ ...one, seen: found.get(id) }]
          })
          if (differing.length > 0) await definition.sync(host, differing, signal)
        },
      }
    },
    remove: (host, recorded, signal) => definition.remove(host, recorded.map(parse), signal),
  }
}
