import type { PlacedService } from '../protocol/service.ts'

/** What one moment of an operation knows about a release. */
export interface HookRelease {
  readonly id: string
  readonly slot: 'a' | 'b'
}

/**
 * One row: where a hook runs, for what, in which way, how long it may take, and what its failure, a dry run and a crash
 * mean. `D` is the data that its listeners get; it exists in types only.
 */
export interface Row<D> {
  readonly at: 'client' | 'host'
  readonly per: 'operation' | 'service'
  readonly run: 'series' | 'parallel'
  /** Deadline in milliseconds for each listener, unless it declares its own. */
  readonly within: number
  /** `stop`: the operation ends before anything is changed. `undo`: what was changed is undone. `warn`: a warning. */
  readonly failure: 'stop' | 'undo' | 'warn'
  readonly dryRun: 'run' | 'describe' | 'skip'
  readonly afterCrash: 'again' | 'skip'
  readonly data?: D
}

const row = <D>(fields: Row<D>): Row<D> => fields

/** Imperative names may veto; names in the past tense cannot fail the operation. */
export const lifecycle = {
  /** Before anything is changed. */
  'deploy:preflight': row<{ service: PlacedService }>({
    at: 'host',
    per: 'service',
    run: 'parallel',
    within: 30_000,
    failure: 'stop',
    dryRun: 'run',
    afterCrash: 'again',
  }),
  /** Twice: on the candidate itself, before it gets traffic; and through the gateway, after the switch. */
  'deploy:verify': row<{
    service: PlacedService
    release: HookRelease
    through: 'candidate' | 'gateway'
    url: string | undefined
    /** Sent with each request to `url`: through the gateway, the Host header of its domain. */
    headers: Readonly<Record<string, string>>
  }>({
    at: 'host',
    per: 'service',
    run: 'parallel',
    within: 60_000,
    failure: 'undo',
    dryRun: 'skip',
    afterCrash: 'again',
  }),
  /** The release serves and is recorded. */
  'deploy:done': row<{ service: PlacedService; release: HookRelease; previous: string | undefined }>({
    at: 'host',
    per: 'service',
    run: 'parallel',
    within: 30_000,
    failure: 'warn',
    dryRun: 'skip',
    afterCrash: 'again',
  }),
  /** It was undone; what served before serves. What a preflight refused was never begun, and is not told here. */
  'deploy:failed': row<{ service: PlacedService; error: { code: string; message: string } }>({
    at: 'host',
    per: 'service',
    run: 'parallel',
    within: 30_000,
    failure: 'warn',
    dryRun: 'skip',
    afterCrash: 'skip',
  }),
} as const

export type HookName = keyof typeof lifecycle
export type HookData<K extends HookName> = (typeof lifecycle)[K] extends Row<infer D> ? D : never

export function isHookName(text: string): text is HookName {
  return Object.hasOwn(lifecycle, text)
}
