import { z } from '@axle-ia/core'
import type { FileHost } from '@axle-ia/testbed/vitest'

import { expect } from 'vitest'
import { API, configText, Project, type Ran, serverText } from '../project.ts'

/** One mistake, or one thing that is wrong with the machine, and what the user reads of it. */
export interface Row {
  readonly name: string
  /** Over those of a project that deploys well. `null`: without this file. */
  readonly files?: Readonly<Record<string, string | null>>
  /** What no text of a file can be: links, devices, files that nobody may read. */
  readonly prepare?: (directory: string) => Promise<void>
  /** Puts the host into the state that the row is about, before it is looked at the first time. */
  readonly arrange?: (host: FileHost) => Promise<void>
  /** What is promised besides, such as that the next deploy passes. The host is as `arrange` left it. */
  readonly afterwards?: (host: FileHost, project: Project) => Promise<void>
  /** Takes that back. */
  readonly restore?: (host: FileHost) => Promise<void>
  /** Default: `deploy --json`. */
  readonly words?: readonly string[] | ((host: FileHost, directory: string) => readonly string[])
  readonly env?: Readonly<Record<string, string>> | ((directory: string) => Readonly<Record<string, string>>)
  readonly exit: number
  readonly code: string
  /** Each stands in what the user reads: the path or the thing, and how to mend it. */
  readonly says: readonly (string | RegExp)[]
  /** What must not stand there. */
  readonly never?: readonly string[]
}

const GOOD: Readonly<Record<string, string>> = {
  'axle.config.ts': configText(API),
  'server.js': serverText('one'),
  'package.json': '{ "name": "demo", "type": "module" }\n',
}

export async function projectOf(row: Pick<Row, 'files' | 'prepare'>, host: FileHost | undefined): Promise<Project> {
  const files = Object.entries({ ...GOOD, ...row.files })
  const written = files.flatMap(([path, text]): [string, string][] => (text === null ? [] : [[path, text]]))
  const project = await Project.create(host, Object.fromEntries(written))
  await row.prepare?.(project.directory)
  return project
}

const said = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  where: z.string().optional(),
  output: z.string().optional(),
  exit: z.int(),
})
const line = z.union([z.object({ error: said }), z.unknown().transform(() => undefined)])

/** The error of a run with --json: the last object that has one. */
function errorOf({ stdout }: Ran): z.output<typeof said> | undefined {
  const lines = stdout.split('\n').filter((text) => text !== '')
  const found = lines.flatMap((text) => {
    const parsed = line.parse(JSON.parse(text))
    return parsed === undefined ? [] : [parsed.error]
  })
  return found.at(-1)
}

/** What a row promises of one run. */
export function holds(row: Row, ran: Ran): void {
  const error = errorOf(ran)
  expect(error?.code, ran.screen).toBe(row.code)
  expect(ran.exitCode, ran.screen).toBe(row.exit)
  expect(error?.exit).toBe(row.exit)
  const text = [error?.message, error?.where, error?.output, error?.hint].filter((one) => one !== undefined).join('\n')
  for (const one of row.says)
    expect(text).toEqual(typeof one === 'string' ? expect.stringContaining(one) : expect.stringMatching(one))
  for (const one of row.never ?? []) expect(text).not.toContain(one)
  // What happened, and what to do: neither is ever left out, and no path of ours stands in the way.
  expect(error?.hint?.trim()).toBeTruthy()
  expect(text).not.toMatch(/node_modules\/\.axle|^\s+at /m)
}

export function wordsOf(row: Row, host: FileHost | undefined, directory: string): readonly string[] {
  const { words = ['deploy', '--json'] } = row
  if (typeof words !== 'function') return words
  if (host === undefined) throw new Error(`${row.name}: its words need a host`)
  return words(host, directory)
}
