import type { Action, Side } from '../context.ts'
import type { OptionName } from '../options/table.ts'

/** Headings of --help, in its order. */
export const HELP_GROUPS = {
  beginning: 'Beginning:',
  deploying: 'Deploying:',
  running: 'Running:',
  looking: 'Looking:',
  environment: 'Environment:',
  tools: 'This command line:',
} as const
export type HelpGroup = keyof typeof HELP_GROUPS

/** What --help says of each exit code. */
export const EXIT_WORDS = {
  0: 'done, or nothing to do',
  1: 'failed; what served before still serves',
  2: 'wrong usage or config',
  3: 'no way to the host',
  4: 'another operation is under way',
  5: 'unhealthy',
  130: 'interrupted; the host goes on',
} as const

export interface ArgumentDefinition {
  /** As commander writes them: `[release]`. */
  readonly name: string
  readonly description: string
  readonly choices?: readonly string[]
}

/** A command as data, so that --help needs nothing that a command needs to run. */
export interface CommandDefinition {
  /** Words after `axle`: `deploy`, `env set`. */
  readonly name: string
  readonly arguments?: readonly ArgumentDefinition[]
  readonly group: HelpGroup
  readonly summary: string
  /** It goes to no host, and takes none of the options that say how. */
  readonly local?: true
  /** Exit codes that it has beyond those that every command has. */
  readonly exits?: readonly (keyof typeof EXIT_WORDS)[]
  /** Where a code means another thing here. */
  readonly exitWords?: { readonly [code in keyof typeof EXIT_WORDS]?: string }
  /** Its exit code is that of what it runs on the host. */
  readonly passesExit?: true
  /** Beyond those that every command has. */
  readonly options: readonly OptionName[]
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
  readonly group: HelpGroup
  readonly summary: string
}
