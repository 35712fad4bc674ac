import SshConfig from 'ssh-config'
import { AxleError } from '../../../protocol/errors.ts'

/** A line of an ssh_config file, and the file that it stands in. */
export interface Setting {
  readonly name: string
  readonly words: readonly string[]
  readonly file: string
}

export interface Criterion {
  readonly word: string
  readonly negated: boolean
  readonly patterns: string
}

/** Lines up to the next `Host` or `Match`, and whom they are for. */
export interface Section {
  readonly file: string
  readonly hosts?: readonly string[]
  readonly match?: readonly Criterion[]
  readonly settings: readonly Setting[]
}

type Lines = ReturnType<typeof SshConfig.parse>
type Value = string | { readonly val: string }[]

/** The file's text as sections, in their order. The library reads the syntax; what applies to a host is evaluated here. */
export function parseSshConfig(text: string, file: string): readonly Section[] {
  const lines = parse(text, file)
  const own = lines.flatMap((line) => (line.type === 1 && !('config' in line) ? [settingOf(line, file)] : []))
  const sections = lines.flatMap((line): Section[] => {
    if (line.type !== 1 || !('config' in line)) return []
    const inner: Lines = line.config
    const settings = inner.flatMap((one) => (one.type === 1 ? [settingOf(one, file)] : []))
    const words = wordsOf(line.value)
    return /^host$/i.test(line.param)
      ? [{ file, hosts: words, settings }]
      : [{ file, match: criteria(words, file), settings }]
  })
  return own.length === 0 ? sections : [{ file, settings: own }, ...sections]
}

function parse(text: string, file: string): Lines {
  try {
    return SshConfig.parse(text.replaceAll('\r\n', '\n'))
  } catch (cause) {
    throw new AxleError('AXLE_SSH_CONFIG', `${file} cannot be read as an ssh config.`, {
      where: file,
      hint: `Mend it; what ssh(1) says to it: ssh -G -F ${file} example`,
      cause,
    })
  }
}

function settingOf({ param, value }: { param: string; value: Value }, file: string): Setting {
  return { name: param, words: wordsOf(value), file }
}

/** Where the library does not split, words may be several all the same; text with a space in it is quoted or one path. */
function wordsOf(value: Value): readonly string[] {
  return typeof value === 'string' ? [value] : value.map(({ val }) => val)
}

const ALONE = new Set(['all', 'canonical', 'final'])

function criteria(words: readonly string[], file: string): readonly Criterion[] {
  const found: Criterion[] = []
  for (let at = 0; at < words.length; at += 1) {
    const [, bang = '', word = ''] = /^(!?)([^=]*)/.exec(words[at] ?? '') ?? []
    const lower = word.toLowerCase()
    if (!ALONE.has(lower)) at += 1
    const patterns = ALONE.has(lower) ? '' : words[at]
    if (patterns === undefined)
      throw new AxleError('AXLE_SSH_CONFIG', `Match ${words.join(' ')}: ${word} names nothing.`, { where: file })
    found.push({ word: lower, negated: bang !== '', patterns })
  }
  return found
}
