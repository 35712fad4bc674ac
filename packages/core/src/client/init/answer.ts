import type * as z from 'zod'
import type { Prompt } from '../../cli/io/prompt.ts'
import { hostAddress } from '../../define/config.ts'
import { domainName, route } from '../../define/names.ts'
import { nameFrom } from './names.ts'
import type { Found } from './read-project.ts'
import type { Answers } from './render-config.ts'

export interface Given {
  readonly name: string | undefined
  readonly host: string | undefined
  readonly domain: string | undefined
  /** The command that runs the script `build` with the project's package manager. */
  readonly build: string | undefined
  /** Name of the folder, for a package without one. */
  readonly folder: string
}

/** What was found and given, and the rest from a person; where none sits, the usual. */
export async function answer(
  found: Found,
  given: Given,
  prompt: Prompt | undefined,
): Promise<{ readonly answers: Answers; readonly notes: readonly string[] }> {
  const name = given.name ?? nameFrom(found.name ?? given.folder)
  const web = found.port !== undefined
  const host =
    given.host ?? (await ask(prompt, 'Which host does it go to? user@host (empty: say it with --host)', hostAddress))
  const domain =
    given.domain ??
    (web ? await ask(prompt, 'Which domain does the gateway answer to? (empty: any)', domainName) : undefined)
  const at = web ? ((await ask(prompt, 'Under which path?', route, '/')) ?? '/') : undefined
  const { health, notes } = web ? await healthOf(found, prompt) : { health: undefined, notes: [] }
  const { example } = found
  const answers: Answers = {
    project: name,
    name,
    build: given.build,
    include: found.include,
    node: found.node,
    start: commandLine(found.start.words),
    port: found.port,
    route: at,
    health,
    env: found.env,
    secrets: example?.secrets ?? [],
    open: example?.open ?? [],
    host,
    domain,
  }
  return { answers, notes: [...notes, ...exampleNotes(found)] }
}

async function healthOf(found: Found, prompt: Prompt | undefined) {
  const { health } = found
  if (health !== undefined) {
    const notes = health.prefixed
      ? [`${health.place} has ${health.path} on a router: if that is mounted under a prefix, health.path needs it.`]
      : []
    return { health: { path: health.path, comment: health.place }, notes }
  }
  if (prompt !== undefined) {
    const path = await prompt.text('No health route was found. Which path answers 2xx or 3xx once it is ready?', {
      initial: '/',
      check: (value) => (value.startsWith('/') ? undefined : 'expected a path that begins with "/"'),
    })
    return { health: { path, comment: 'answers 2xx or 3xx once it is ready' }, notes: [] }
  }
  return {
    health: { path: '/', comment: 'no health route was found: any path that answers 2xx or 3xx once it is ready' },
    notes: ['No health route was found, so health.path is "/": a release is good when that answers 2xx or 3xx.'],
  }
}

function exampleNotes({ example }: Found): readonly string[] {
  if (example === undefined || example.open.length === 0) return []
  return [
    `${example.open.join(', ')} of ${example.file} ${example.open.length === 1 ? 'is' : 'are'} empty or of a developer's machine: fill in what the service needs under env.`,
  ]
}

async function ask(
  prompt: Prompt | undefined,
  question: string,
  rule: z.ZodType<string>,
  initial?: string,
): Promise<string | undefined> {
  const said = await prompt?.text(question, {
    ...(initial === undefined ? {} : { initial }),
    check: (value) => (value === '' ? undefined : rule.safeParse(value).error?.issues[0]?.message),
  })
  return said === undefined || said === '' ? undefined : said
}

/** The words as one line that is split into the same words again. */
function commandLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[^\s"'\\]+$/.test(word) && !/^(?:&&|\|\||[|;&<>]|>>)$/.test(word) ? word : JSON.stringify(word)))
    .join(' ')
}
