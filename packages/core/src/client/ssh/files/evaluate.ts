import { AxleError } from '../../../protocol/errors.ts'
import { matchesPatterns } from '../pattern.ts'
import type { Criterion, Setting } from './parse.ts'
import type { ReadSection } from './read.ts'

export interface Question {
  /** As the person named it. */
  readonly name: string
  readonly user?: string | undefined
  readonly localUser: string
}

/** What an ssh config says about one host. */
export interface Answers {
  /** By lower-case name: the first that was found. */
  readonly first: ReadonlyMap<string, Setting>
  /** Every one, for settings that add up. */
  all(name: string): readonly Setting[]
}

const ADDING = new Set(['identityfile', 'certificatefile'])
/** The first of the two stands, whichever it is. */
const SAME: Readonly<Record<string, string>> = { proxyjump: 'proxy', proxycommand: 'proxy' }

export function evaluate(sections: readonly ReadSection[], question: Question): Answers {
  const first = new Map<string, Setting>()
  const adding: Setting[] = []
  let final = false
  let asksFinal = false

  const take = (setting: Setting) => {
    const name = setting.name.toLowerCase()
    if (ADDING.has(name)) {
      adding.push(setting)
      return
    }
    const key = SAME[name] ?? name
    if (!first.has(key)) first.set(key, setting)
  }
  const hostNow = () => {
    const written = first.get('hostname')?.words[0]
    return written === undefined ? question.name : written.replaceAll('%h', question.name)
  }
  const holds = ({ word, patterns }: Criterion, { file }: ReadSection): boolean => {
    const list = patterns.split(',')
    switch (word) {
      case 'all':
        return true
      case 'canonical':
        return false
      case 'final':
        asksFinal = true
        return final
      case 'host':
        return matchesPatterns(list, hostNow())
      case 'originalhost':
        return matchesPatterns(list, question.name)
      case 'user':
        return matchesPatterns(list, question.user ?? first.get('user')?.words[0] ?? question.localUser)
      case 'localuser':
        return matchesPatterns(list, question.localUser)
      default:
        throw new AxleError(
          'AXLE_SSH_CONFIG',
          `${file} asks "Match ${word}" about ${question.name}, which Axle does not evaluate.`,
          {
            where: file,
            hint: `Say it with Host or "Match host", or put a "Host ${question.name}" section with all it needs into a config of its own, and name the address, --identity and --host-key on the command line.`,
          },
        )
    }
  }
  const applies = (section: ReadSection): boolean => {
    if (section.hosts !== undefined) return matchesPatterns(section.hosts, final ? hostNow() : question.name)
    return (section.match ?? []).every((one) => holds(one, section) !== one.negated)
  }
  const walk = (all: readonly ReadSection[]) => {
    for (const section of all) {
      if (!applies(section)) continue
      for (const line of section.lines) {
        if ('included' in line) walk(line.included)
        else take(line)
      }
    }
  }
  walk(sections)
  if (asksFinal) {
    final = true
    walk(sections)
  }
  return { first, all: (name) => adding.filter((one) => one.name.toLowerCase() === name) }
}
