import { AxleError } from '@axle-ia/core'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/
const PLAIN = /^[A-Za-z0-9_./:=@,+-]+$/
const PORT_REFERENCE = /\$\{PORT\}|\$PORT(?![A-Za-z0-9_])/

function refuse(word: string, why: string): AxleError {
  return new AxleError('AXLE_CONFIG_INVALID', `${JSON.stringify(word)} cannot be part of a systemd command: ${why}.`, {
    where: 'start',
    hint: 'Put the command into a script of the release, and start that.',
  })
}

/** One word of a unit file, as systemd.syntax(7) reads it: quoted where need be, without specifiers. */
export function unitWord(text: string): string {
  if (CONTROL.test(text)) throw refuse(text, 'it contains a control character')
  const escaped = text.replaceAll('%', '%%')
  if (PLAIN.test(escaped)) return escaped
  return `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** One argument of ExecStart=: `$PORT` is the variable, each other `$` is a dollar sign. */
export function commandArgument(word: string): string {
  const parts = word.split(new RegExp(`(${PORT_REFERENCE.source})`))
  // split() with a group puts what matched at the odd places.
  const text = parts.map((part, index) => (index % 2 === 1 ? '${PORT}' : part.replaceAll('$', '$$$$'))).join('')
  return unitWord(text)
}

/** The program of ExecStart=: no variables there, and some first characters mean something to systemd. */
function program(word: string, folder: string): string {
  if (word.includes('$')) throw refuse(word, 'the program itself may not contain "$"')
  if (/^[@\-:+!|]/.test(word) || word === '')
    throw refuse(word, 'a program may not be empty or begin with one of @ - : + ! |')
  // systemd wants an absolute path, or a bare name that it looks for in its own PATH.
  return unitWord(word.includes('/') && !word.startsWith('/') ? `${folder}/${word.replace(/^\.\//, '')}` : word)
}

/** A command as the value of ExecStart=. `folder` is what a relative program is relative to. */
export function commandLine([first, ...rest]: readonly [string, ...string[]], folder: string): string {
  return [program(first, folder), ...rest.map(commandArgument)].join(' ')
}
