import type { ConnectFactory } from './connect.ts'
import type { Initialize } from './initialize.ts'
import type { Io } from './io/io.ts'
import type { Prompt } from './io/prompt.ts'

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
