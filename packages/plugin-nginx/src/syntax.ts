import { AxleError } from '@axle-ia/core'

/**
 * The part of nginx's language that we write. Text and variables are told apart by type, since the language cannot do
 * it: there is no way to write a literal "$" where variables are expanded.
 */
export type Word = string | Variable | Expression | Pattern

/** `$name`. */
export interface Variable {
  readonly type: 'variable'
  readonly name: string
}
/** Text and variables in a row. */
export interface Expression {
  readonly type: 'expression'
  readonly parts: readonly (string | Variable)[]
}
/** A regular expression: nginx expands nothing in it, so "$" may stand for the end. */
export interface Pattern {
  readonly type: 'pattern'
  readonly source: string
}

export type Node =
  | { readonly type: 'directive'; readonly name: string; readonly words: readonly Word[] }
  | { readonly type: 'block'; readonly name: string; readonly words: readonly Word[]; readonly body: readonly Node[] }
  | { readonly type: 'condition'; readonly test: readonly Word[]; readonly body: readonly Node[] }
  | { readonly type: 'comment'; readonly text: string }

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/
const BARE = /^[A-Za-z0-9_./:@=,+*~^[\]-]+$/
const NAME = /^[a-z][a-z0-9_]*$/

export function variable(name: string): Variable {
  if (!NAME.test(name)) throw refuse(name, 'is no name of a variable')
  return { type: 'variable', name }
}
export const join = (...parts: readonly (string | Variable)[]): Expression => ({ type: 'expression', parts })
export const pattern = (source: string): Pattern => ({ type: 'pattern', source })

export const directive = (name: string, ...words: readonly Word[]): Node => ({ type: 'directive', name, words })
export const block = (name: string, words: readonly Word[], body: readonly Node[]): Node => ({
  type: 'block',
  name,
  words,
  body,
})
/** `if (…)`: its parentheses are no words of their own in nginx's grammar. */
export const when = (test: readonly Word[], body: readonly Node[]): Node => ({ type: 'condition', test, body })
export const comment = (text: string): Node => ({ type: 'comment', text })

/** Text that a regular expression matches as it stands. */
export const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

function refuse(text: string, why: string): AxleError {
  return new AxleError(
    'AXLE_CONFIG_INVALID',
    `${JSON.stringify(text)} cannot stand in nginx's configuration: it ${why}.`,
  )
}

function literal(text: string): string {
  if (CONTROL.test(text)) throw refuse(text, 'contains a control character')
  if (text.includes('$')) throw refuse(text, 'contains "$", which nginx would read as a variable')
  return text
}

/** Inside quotes nginx unescapes \\ and \" (and \t, \r, \n, which never follow an escaped backslash). */
const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

export function renderWord(word: Word): string {
  if (typeof word === 'string') {
    const text = literal(word)
    return BARE.test(text) ? text : quote(text)
  }
  switch (word.type) {
    case 'variable':
      return `$${word.name}`
    case 'expression':
      // With braces, a name never grows into the text behind it.
      return quote(word.parts.map((part) => (typeof part === 'string' ? literal(part) : `\${${part.name}}`)).join(''))
    case 'pattern':
      if (CONTROL.test(word.source)) throw refuse(word.source, 'contains a control character')
      return quote(word.source)
  }
}

function renderNode(node: Node, indent: string): string {
  const line = (words: readonly Word[], name: string): string => [name, ...words.map(renderWord)].join(' ')
  const body = (nodes: readonly Node[]): string => nodes.map((inner) => renderNode(inner, `${indent}    `)).join('')
  switch (node.type) {
    case 'comment':
      return `${indent}# ${literal(node.text)}\n`
    case 'directive':
      return `${indent}${line(node.words, node.name)};\n`
    case 'block':
      return `${indent}${line(node.words, node.name)} {\n${body(node.body)}${indent}}\n`
    case 'condition':
      return `${indent}if (${node.test.map(renderWord).join(' ')}) {\n${body(node.body)}${indent}}\n`
  }
}

export const render = (nodes: readonly Node[]): string => nodes.map((node) => renderNode(node, '')).join('')
