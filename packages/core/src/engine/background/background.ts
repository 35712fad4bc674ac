import type { Argv } from '../host/host.ts'

/** Processes of Axle's own that outlive the one that starts them. */
export interface Background {
  start(unit: string, description: string, argv: Argv): Promise<void>
  active(unit: string): Promise<boolean>
  /** It was started, and nobody has noticed its end yet: a look that costs nothing. */
  known(unit: string): Promise<boolean>
  /** Resolves once it has ended. */
  stop(unit: string): Promise<void>
}
