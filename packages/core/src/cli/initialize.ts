import * as z from 'zod'
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

const texts = z.array(z.string()).readonly()

export const initialized = z
  .strictObject({
    file: z.string(),
    written: z.boolean(),
    /** Its text. */
    config: z.string(),
    found: z
      .strictObject({
        name: z.string(),
        packageManager: z.string(),
        framework: z.string().optional(),
        build: z.string().optional(),
        start: z.string(),
        node: z.string(),
        include: texts,
        port: z.int().optional(),
        health: z.string().optional(),
        secrets: texts,
      })
      .readonly(),
    installed: texts,
    /** What a person should know or look at. */
    notes: texts,
    /** Commands to run, in order. */
    next: texts,
  })
  .readonly()
export type Initialized = z.output<typeof initialized>

export type Initialize = (request: InitRequest) => Promise<Initialized>
