import type { ConnectFactory } from './connect.ts'
import type { Initialize } from './initialize.ts'
import type { Io } from './io/io.ts'
import type { Prompt } from './io/prompt.ts'
import type { Reporter } from './render/reporter.ts'

/** `client`: a workstation or CI, over SSH. `host`: /usr/local/bin/axle on the host itself. */
export type Side = 'client' | 'host'

/** What every action gets beside its own options. */
export interface CliContext {
  readonly side: Side
  readonly cwd: string
  readonly io: Io
  /** Aborted once the viewer is to end. */
  readonly interrupted: AbortSignal
  /** Absent where nobody can be asked. */
  readonly prompt: Prompt | undefined
  /** From now on this draws on the terminal, and holds still while a question is asked. */
  drawnBy(screen: Pick<Reporter, 'hold'>): void
  connect(): Promise<ConnectFactory>
  /** Absent on a host. */
  init?(): Promise<Initialize>
}

/** What stood on the command line, unchecked. */
export interface Invocation {
  readonly arguments: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

/** Answers with the exit code. */
export type Action = (invocation: Invocation, context: CliContext) => Promise<number>
