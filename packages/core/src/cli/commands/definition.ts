import type { Action, Side } from '../context.ts'
import type { OptionName } from '../options/table.ts'

/** A command as data, so that --help needs nothing that a command needs to run. */
export interface CommandDefinition {
  /** Words after `axle`: `deploy`, `env set`. */
  readonly name: string
  /** As commander writes them: `[release]`. */
  readonly arguments?: readonly { readonly name: string; readonly description: string }[]
  readonly summary: string
  /** Beyond those that every command has. */
  readonly options: readonly OptionName[]
  /** false: it goes to no host, and takes none of the options that say how. */
  readonly reach?: false
  /** Where it exists. Absent: on both sides. */
  readonly side?: Side
  readonly examples: readonly string[]
  /** With --json it prints events, and a `result` last, whatever happens; or does so with this option. */
  readonly streams?: true | '--restart'
  load(): Promise<Action>
}

/** A word that only groups commands. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
}
