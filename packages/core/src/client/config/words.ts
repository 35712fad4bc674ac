export type Words = readonly [string, ...string[]]

const OPERATORS: ReadonlySet<string> = new Set(['&&', '||', '|', ';', '&', '>', '>>', '<', '2>', '2>&1'])

export type Split = { readonly words: Words } | { readonly problem: string }

/** Splits a command as a shell would, quotes honoured, and expands nothing: there is no shell. */
export function splitWords(command: string): Split {
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  let plain = true
  const end = (): string | undefined => {
    if (word === undefined) return undefined
    if (plain && OPERATORS.has(word)) return word
    words.push(word)
    word = undefined
    plain = true
    return undefined
  }
  for (let at = 0; at < command.length; at += 1) {
    const letter = command.charAt(at)
    if (quote !== undefined) {
      if (letter === quote) quote = undefined
      else if (letter === '\\' && quote === '"' && /["\\]/.test(command.charAt(at + 1))) word += command.charAt(++at)
      else word += letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
      plain = false
    } else if (letter === '\\' && at + 1 < command.length) {
      word = (word ?? '') + command.charAt(++at)
      plain = false
    } else if (/\s/.test(letter)) {
      const operator = end()
      if (operator !== undefined) return noShell(operator)
    } else {
      word = (word ?? '') + letter
    }
  }
  if (quote !== undefined) return { problem: `a quote (${quote}) is never closed` }
  const operator = end()
  if (operator !== undefined) return noShell(operator)
  const [first, ...rest] = words
  return first === undefined
    ? { problem: 'expected a command such as "node dist/server.js"' }
    : { words: [first, ...rest] }
}

function noShell(operator: string): Split {
  return {
    problem: `"${operator}" is a shell's, and there is no shell: put the line into a script of package.json, and name that`,
  }
}
