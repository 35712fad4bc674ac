import type { LocalHost } from './host/local-host.ts'

/** What this process is: which bundle, which config's functions. */
export interface Self {
  readonly host: LocalHost
  /** The bundle's copy of the config. */
  authored(): Promise<unknown>
  readonly axle: string
  readonly engineHash: string
  readonly enginePath: string
  readonly node: string
}
