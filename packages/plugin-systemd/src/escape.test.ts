import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandArgument, commandLine } from './escape.ts'

/** systemd's reading of one argument: quotes and backslashes, then specifiers, then variables. */
function readArgument(text: string, port: string): string {
  const unquoted = text.startsWith('"') ? text.slice(1, -1).replace(/\\([\\"])/g, '$1') : text
  if (!text.startsWith('"')) expect(text).not.toMatch(/[\s"'\\;$]/)
  const specified = unquoted.replace(/%(.)/g, (_all, letter: string) => {
    expect(letter).toBe('%')
    return '%'
  })
  return specified.replace(/\$\$|\$\{PORT\}|\$/g, (found) => {
    expect(found).not.toBe('$')
    return found === '$$' ? '$' : port
  })
}

const metacharacters = fc.string({
  unit: fc.constantFrom(...'%$"\'\\ ;#{}&|<>*?~`!-=aPORT_é', '$PORT', '${PORT}'),
  maxLength: 30,
})

test('any argument arrives as it was written, with $PORT expanded', () => {
  fc.assert(
    fc.property(metacharacters, (word) => {
      const meant = word.replace(/\$\{PORT\}|\$PORT(?![A-Za-z0-9_])/g, '8000')
      expect(readArgument(commandArgument(word), '8000')).toBe(meant)
    }),
    { numRuns: 3000 },
  )
})

test('only $PORT is a variable', () => {
  expect(commandArgument('--port=$PORT')).toBe('"--port=${PORT}"')
  expect(commandArgument('$PORTAL $HOME 50%')).toBe('"$$PORTAL $$HOME 50%%"')
  expect(commandArgument('')).toBe('""')
})

test('what systemd cannot say is refused', () => {
  for (const word of ['a\nb', 'a\u0000', '\u007f']) expect(() => commandArgument(word)).toThrow('control character')
  expect(() => commandLine(['$X/run'], '/app')).toThrow('may not contain "$"')
  expect(() => commandLine(['-run'], '/app')).toThrow('begin with')
})

test('a relative program lies in the release', () => {
  expect(commandLine(['./bin/server', 'x'], '/app')).toBe('/app/bin/server x')
  expect(commandLine(['python3', '-m', 'x'], '/app')).toBe('python3 -m x')
})
