import { stripVTControlCharacters } from 'node:util'

/** Text from elsewhere (a service's log, a build), without what could move the cursor or retitle the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

export function printableLines(text: string): readonly string[] {
  return text.replace(/\s+$/, '').split(/\r?\n/).map(printable)
}
