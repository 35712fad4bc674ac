import type { Prompt } from './io/prompt.ts'

/** The seam of `axle init`, beside connect.ts: only the workstation has what fills it. */

export interface InitRequest {
  readonly cwd: string
  readonly name: string | undefined
  readonly host: string | undefined
  readonly domain: string | undefined
  /** false: install nothing. */
  readonly install: boolean
  /** Write and install nothing. */
  readonly dryRun: boolean
  /** Absent: nothing is asked. */
  readonly prompt: Prompt | undefined
  readonly signal: AbortSignal
  /** A command that runs now and takes a while. */
  onStep(line: string): void
}

export interface Initialized {
  readonly file: string
  readonly written: boolean
  /** Its text. */
  readonly config: string
  readonly found: {
    readonly name: string
    readonly packageManager: string
    readonly framework?: string
    readonly build?: string
    readonly start: string
    readonly node: string
    readonly include: readonly string[]
    readonly port?: number
    readonly health?: string
    readonly secrets: readonly string[]
  }
  readonly installed: readonly string[]
  /** What a person should know or look at. */
  readonly notes: readonly string[]
  /** Commands to run, in order. */
  readonly next: readonly string[]
}

export type Initialize = (request: InitRequest) => Promise<Initialized>
