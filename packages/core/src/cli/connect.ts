import type { FromHost, RequestInput, Verb } from '../protocol/wire.ts'
import type { Prompt } from './io/prompt.ts'

/**
 * The seam between commands and whatever carries their questions: the client answers it over SSH, the host in-process.
 * Types only, so that nothing here loads anything.
 */

/** What the host says, and the bytes that an `output` of it announced. */
export type Heard = FromHost | { readonly t: 'bytes'; readonly bytes: Uint8Array }

/** One question to one host. Yields what the host says, until `end`; throws AxleError. */
export interface Session {
  readonly messages: AsyncIterable<Heard>
  /** Standard input of what `exec` runs. `send` waits for a way that is behind; how much may be under way, INPUT_WINDOW says. */
  readonly input: { send(bytes: Uint8Array): Promise<void>; end(): Promise<void> }
  /** Lets go of the host. What was accepted goes on there. */
  close(): Promise<void>
}

/** A project on a host, ready to be asked. */
export interface Connect {
  readonly project: string
  /** Names of the project's services. */
  readonly services: readonly string[]
  /** Names of the secrets that each service declares, where the config is at hand. */
  readonly secrets?: ReadonlyMap<string, ReadonlySet<string>>
  open(request: RequestInput, options: { readonly project: string }): Promise<Session>
  /** Lets go of whatever was begun, asked or not: nothing of it keeps this process. */
  close(): void
}

/** What happens before the host takes over, for the screen: the engine's own events come from the host. */
export type Note =
  | {
      readonly kind: 'step'
      readonly step: string
      readonly state: 'started' | 'done' | 'failed'
      readonly ms?: number
      readonly detail?: string
    }
  /** How far an upload has come, in bytes. */
  | { readonly kind: 'progress'; readonly step: string; readonly sent: number; readonly total: number }
  /** What --verbose tells. */
  | { readonly kind: 'detail'; readonly text: string }
  /** Lines of a build's output, as they come. */
  | { readonly kind: 'output'; readonly source: string; readonly text: string }

/** What a command line says about where to and for what. */
export interface Target {
  readonly verb: Verb
  /** `--service`; absent: all. */
  readonly services?: readonly string[]
  readonly cwd: string
  /** `--config` */
  readonly configPath?: string
  /** `--host`; absent: the config's. */
  readonly host?: string
  readonly identity?: string
  readonly hostKey?: string
  /** `--project`, on a host that has several. */
  readonly project?: string
  readonly signal: AbortSignal
  /** For what only a person can answer on the way to a host; absent where there is nobody. */
  readonly prompt?: Prompt
  onNote(note: Note): void
}

export type ConnectFactory = (target: Target) => Promise<Connect>
