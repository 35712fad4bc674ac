import { stripVTControlCharacters } from 'node:util'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Text from elsewhere (a service's log, a build), without what could move the cursor, retitle the terminal or reverse the text. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(CONTROLS, '')
}

export function printableLines(text: string): readonly string[] {
  return text.replace(/\s+$/, '').split(/\r?\n/).map(shown)
}

/** For a place that has one line. */
export function oneLine(text: string): string {
  return printableLines(text).join(' ').replaceAll('\t', ' ')
}

/** A bare carriage return writes over what stands before it: of a progress bar only the last state is seen. */
function shown(line: string): string {
  return printable(line.slice(line.lastIndexOf('\r') + 1))
}
