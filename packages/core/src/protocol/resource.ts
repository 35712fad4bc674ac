import * as z from 'zod'
import { type Json, json } from './json.ts'
import type { SlotName } from './layout.ts'

/**
 * Left open in a service's resources, because the same release may run in either slot: filled in when it is applied.
 * They stand as text in `id` and in any string of `spec`, `needs` and `notify`.
 */
export const OPEN = { slot: '@@AXLE_SLOT@@', port: '@@AXLE_PORT@@', release: '@@AXLE_RELEASE@@' } as const

/**
 * Desired state of one thing on the host, as data: planned, recorded, replayed by a rollback.
 *
 * `phase` says when it may appear or change:
 * - `before`: additive and invisible to the live release; in place before the candidate starts. Where it replaces
 *   something that is not one slot's alone, it waits for `after`.
 * - `switch`: what makes the candidate reachable; together with the flag's flip.
 * - `after`: replacements, once the new release serves.
 */
export const resource = z.strictObject({
  /** `kind` of core (`file`, `directory`, `link`, `user`, `unit`) or `plugin/kind`. */
  kind: z.string(),
  /** What it is on the host: a path, a user's name, a unit's name. Unique within its kind. */
  id: z.string().min(1),
  scope: z.enum(['host', 'project', 'service']),
  phase: z.enum(['before', 'switch', 'after']),
  spec: json,
  /** For scope `service`: whose it is. */
  service: z.string().optional(),
  /** Filled in together with what was left open: it belongs to this slot only. */
  slot: z.enum(['a', 'b']).optional(),
  /** `kind:id` of resources that must be in place first. */
  needs: z.array(z.string()).default([]),
  /** Handlers (`plugin/handler`) that run once, after the phase, if this resource changed. */
  notify: z.array(z.string()).default([]),
  /**
   * For scope `host`: what the project's config says to it. Two projects whose inputs differ are in conflict; what is
   * rendered from the same inputs may differ by version, then the newest renderer wins. Default: `spec`.
   */
  inputs: json.optional(),
})
export type Resource = z.output<typeof resource>
export type ResourceInput = z.input<typeof resource>

export function resourceKey(of: { readonly kind: string; readonly id: string }): string {
  return `${of.kind}:${of.id}`
}

/** Fills in what was left open. */
export function closeResource(
  open: Resource,
  values: { slot: SlotName; port: number | undefined; release: string },
): Resource {
  const text = (value: string) =>
    value
      .replaceAll(OPEN.slot, values.slot)
      .replaceAll(OPEN.port, String(values.port ?? ''))
      .replaceAll(OPEN.release, values.release)
  const fill = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(fill)
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]))
    }
    return value
  }
  return {
    ...open,
    ...(open.id.includes(OPEN.slot) ? { slot: values.slot } : {}),
    id: text(open.id),
    spec: fill(open.spec),
    needs: open.needs.map(text),
    notify: open.notify.map(text),
  }
}

/** One aspect of a resource that differs. `from` or `to` is absent where there is nothing. Secrets never stand here. */
export const change = z.strictObject({
  aspect: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
})
export type Change = z.output<typeof change>
