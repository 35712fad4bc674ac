import { variableName } from '../../define/names.ts'
import { AxleError } from '../../protocol/errors.ts'

export type Environment = Readonly<Record<string, string>>

/** execve(2) takes no longer `NAME=value` (MAX_ARG_STRLEN less the final NUL). */
const LONGEST = 128 * 1024 - 1
/** Read by systemd's parser without their backslash, within double quotes; any other backslash stands for itself. */
const ESCAPED = /["\\`$]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/
/** systemd drops a whole file for one of these: surrogates on their own, and what Unicode calls noncharacters. */
const NOT_TEXT = /[\p{Surrogate}\p{Noncharacter_Code_Point}]/u

/**
 * An environment file of systemd's (systemd.exec(5), EnvironmentFile=). Every value is in double quotes, where newlines
 * stand for themselves; what systemd would change or drop is refused.
 */
export function encodeEnvironment(values: Environment): string {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => {
      checkVariable(name, value)
      return `${name}="${value.replaceAll(ESCAPED, '\\$&')}"\n`
    })
    .join('')
}

/** Refuses a variable that would not reach a process as it is. The value is never in the message. */
export function checkVariable(name: string, value: string): void {
  if (!variableName.safeParse(name).success) {
    throw wrong(
      `${JSON.stringify(name)} is no name of a variable`,
      'Use letters, digits and "_", not beginning with a digit.',
    )
  }
  const control = CONTROL.exec(value)?.[0]
  if (control !== undefined) {
    const code = `U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    throw wrong(
      `The value of ${name} has a control character in it (${code})`,
      'Give it as text; encode binary data as base64.',
    )
  }
  if (NOT_TEXT.test(value)) throw wrong(`The value of ${name} is not valid Unicode`, 'Encode binary data as base64.')
  if (Buffer.byteLength(name) + 1 + Buffer.byteLength(value) > LONGEST) {
    throw wrong(
      `The value of ${name} is longer than 128 KiB`,
      'Linux takes no longer one: put it into a file of the service.',
    )
  }
}

const ASSIGNMENT = /([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\`$]|\\["\\`$])*)"\n/y

/** Reads what encodeEnvironment() writes, and nothing else: a file that somebody edited by hand is not guessed at. */
export function decodeEnvironment(text: string, where = 'the environment file'): Record<string, string> {
  const values: [string, string][] = []
  for (let at = 0; at < text.length; at = ASSIGNMENT.lastIndex) {
    ASSIGNMENT.lastIndex = at
    const found = ASSIGNMENT.exec(text)
    if (found === null) {
      const line = text.slice(0, at).split('\n').length
      throw new AxleError('AXLE_STATE', `Line ${line} of ${where} is not one that Axle wrote`, {
        where: `${where}:${line}`,
        hint: 'Write each line as NAME="value", or move the file aside and set the values with: axle env set NAME',
      })
    }
    const [, name = '', value = ''] = found
    values.push([name, value.replaceAll(/\\(["\\`$])/g, '$1')])
  }
  return Object.fromEntries(values)
}

function wrong(message: string, hint: string): AxleError {
  return new AxleError('AXLE_USAGE', message, { hint })
}
