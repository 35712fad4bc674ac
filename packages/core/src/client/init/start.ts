import { splitWords } from '../config/words.ts'

/** What a start script comes down to, once npm, the shell and the tools of a developer's machine are taken off. */
export interface Start {
  /** Words of the command, as `start` of a service takes them. */
  readonly words: readonly string[]
  /** Variables that the script set. */
  readonly env: Readonly<Record<string, string>>
  /** What was left out, and where it belongs. */
  readonly notes: readonly string[]
}

export type Understood = Start | { readonly problem: string }

export interface Surroundings {
  readonly scripts: Readonly<Record<string, string>>
  /** File that a command of an installed package runs. */
  bin(command: string): Promise<string | undefined>
}

const SCRIPT_RUNNER = /^(?:npm|pnpm|yarn|bun)(?:\s+run(?:-script)?)?\s+(?:--silent\s+|-s\s+)?([\w:.-]+)$/
const BUILDS = /\bbuild\b|\btsc\b|\bgenerate\b|\bcompile\b/
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/
const MODULE = /\.[cm]?[jt]s$/

/** A script of package.json, followed until what really runs. */
export async function understandStart(script: string, around: Surroundings): Promise<Understood> {
  return follow(script, around, new Set())
}

async function follow(script: string, around: Surroundings, seen: ReadonlySet<string>): Promise<Understood> {
  const parts = script.split(/\s*(?:&&|;)\s*/).filter((part) => part !== '')
  const last = parts.at(-1)?.trim() ?? ''
  const notes = parts
    .slice(0, -1)
    .filter((part) => !BUILDS.test(part))
    .map(
      (part) =>
        `"${part}" of the start script does not run on the host: call it from the program itself, or in the build.`,
    )
  const called = SCRIPT_RUNNER.exec(last)?.[1]
  if (called !== undefined && !MODULE.test(called)) {
    const next = around.scripts[called]
    if (next === undefined) return { problem: `"${last}" calls a script that package.json does not have` }
    if (seen.has(called)) return { problem: `the script "${called}" calls itself` }
    return withNotes(await follow(next, around, new Set([...seen, called])), notes)
  }
  const split = splitWords(last)
  if ('problem' in split) return { problem: split.problem }
  return withNotes(await understand([...split.words], around, seen), notes)
}

function withNotes(understood: Understood, notes: readonly string[]): Understood {
  return 'problem' in understood ? understood : { ...understood, notes: [...notes, ...understood.notes] }
}

async function understand(
  given: readonly string[],
  around: Surroundings,
  seen: ReadonlySet<string>,
): Promise<Understood> {
  const { env, words } = withoutAssignments(given)
  const [program = '', ...rest] = words
  const start = (more: readonly string[], notes: readonly string[] = []): Start => ({ words: more, env, notes })
  switch (program) {
    case 'node':
      return understandNode(rest, env)
    case 'npx':
    case 'exec':
      return addEnv(
        await understand(
          rest.filter((word) => !['-y', '--yes', '--'].includes(word)),
          around,
          seen,
        ),
        env,
      )
    case 'dotenv':
    case 'dotenvx':
      return addEnv(await understand(afterDashes(rest), around, seen), env)
    case 'tsx':
      return withFile(rest, (file) => start(['node', '--import=tsx', ...file]))
    case 'ts-node':
    case 'ts-node-dev':
      return withFile(rest, (file) => start(['node', '--require=ts-node/register', ...file]))
    case 'nodemon':
    case 'pm2-runtime':
    case 'forever':
    case 'pm2':
      return withFile(
        rest.filter((word) => word !== 'start'),
        (file) => start(['node', ...file], [`${program} is left out: systemd starts the service again when it ends.`]),
      )
    case 'bun':
    case 'deno':
      return { problem: `Axle brings Node to the host, not ${program}` }
    case 'sh':
    case 'bash':
      return { problem: `"${words.join(' ')}" is a shell script: name the program that it starts at its end` }
    case 'docker':
    case 'docker-compose':
      return { problem: 'Axle starts the program itself, without Docker' }
    default: {
      if (MODULE.test(program) && program.includes('/')) return start(['node', program.replace(/^\.\//, ''), ...rest])
      const file = await around.bin(program)
      if (file !== undefined) return start(['node', file, ...portArgument(rest)])
      return { problem: `"${program}" is no command of a package that is installed here` }
    }
  }
}

function understandNode(rest: readonly string[], env: Readonly<Record<string, string>>): Understood {
  const words = ['node']
  const notes: string[] = []
  let at = 0
  for (; at < rest.length; at += 1) {
    const word = rest[at] ?? ''
    if (!word.startsWith('-')) break
    if (/^--env-file/.test(word)) {
      if (!word.includes('=')) at += 1
      notes.push(`${word} is left out: what .env has is env and secret() of the config.`)
    } else if (/^--watch/.test(word) || word === '--inspect') {
      notes.push(`${word} is left out: it is for development.`)
    } else if (['-r', '--require', '--import', '--loader', '--conditions', '-C'].includes(word)) {
      // One word, so that it is seen which word is the file that starts.
      const long = { '-r': '--require', '-C': '--conditions' }[word] ?? word
      at += 1
      if (/^dotenv/.test(rest[at] ?? ''))
        notes.push('dotenv is left out: what .env has is env and secret() of the config.')
      else words.push(`${long}=${rest[at] ?? ''}`)
    } else if (word === '-e' || word === '--eval' || word === '-p') {
      return { problem: 'it runs a text, not a file' }
    } else words.push(word)
  }
  const file = rest[at]
  if (file === undefined) return { problem: 'it names no file' }
  return { words: [...words, file.replace(/^\.\//, ''), ...portArgument(rest.slice(at + 1))], env, notes }
}

function withFile(words: readonly string[], make: (words: readonly string[]) => Start): Understood {
  const at = words.findIndex((word) => !word.startsWith('-') && word !== 'watch')
  const file = words[at]
  if (file === undefined || !MODULE.test(file))
    return { problem: `"${words.join(' ')}" names no file that Node can run` }
  return make([file.replace(/^\.\//, ''), ...portArgument(words.slice(at + 1))])
}

/** A port that is written down becomes the slot's. */
function portArgument(words: readonly string[]): readonly string[] {
  return words.map((word, at) => {
    if (/^(?:-p|--port)$/.test(words[at - 1] ?? '') && /^\d+$|^\$\{?PORT/.test(word)) return '$PORT'
    return word.replace(/^(--port)=(?:\d+|\$\{?PORT.*)$/, '$1=$PORT')
  })
}

function withoutAssignments(given: readonly string[]): { env: Record<string, string>; words: readonly string[] } {
  const env: Record<string, string> = {}
  const words = given[0] === 'cross-env' || given[0] === 'env' ? given.slice(1) : given
  const first = words.findIndex((word) => !ASSIGNMENT.test(word))
  for (const word of words.slice(0, first === -1 ? words.length : first)) {
    const [, name = '', value = ''] = ASSIGNMENT.exec(word) ?? []
    env[name] = value
  }
  return { env, words: first === -1 ? [] : words.slice(first) }
}

function addEnv(understood: Understood, env: Readonly<Record<string, string>>): Understood {
  return 'problem' in understood ? understood : { ...understood, env: { ...env, ...understood.env } }
}

/** `dotenv -e .env -- node x`: what comes after. */
function afterDashes(words: readonly string[]): readonly string[] {
  const dashes = words.indexOf('--')
  if (dashes !== -1) return words.slice(dashes + 1)
  const first = words.findIndex(
    (word, at) => !word.startsWith('-') && !/^-[ef]$/.test(words[at - 1] ?? '') && word !== 'run',
  )
  return first === -1 ? [] : words.slice(first)
}
