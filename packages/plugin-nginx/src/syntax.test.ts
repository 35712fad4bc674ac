import fc from 'fast-check'
import { expect, test } from 'vitest'
import { block, directive, escapePattern, join, pattern, render, renderWord, variable, when } from './syntax.ts'

/** nginx's own reading of a word (ngx_conf_read_token): what quotes and backslashes mean. */
function readWord(text: string): string {
  if (!text.startsWith('"')) {
    expect(text).not.toMatch(/[\s;{}"'\\#$]/)
    return text
  }
  let value = ''
  for (let at = 1; at < text.length; at += 1) {
    const [here, next] = [text[at], text[at + 1]]
    if (here === '"') {
      expect(at).toBe(text.length - 1)
      return value
    }
    if (here === '\\' && next !== undefined && '"\'\\'.includes(next)) {
      value += next
      at += 1
    } else if (here === '\\' && next !== undefined && 'trn'.includes(next))
      throw new Error('an escape that was not meant')
    else value += here
  }
  throw new Error('the quote is never closed')
}

const metacharacters = fc.string({ unit: fc.constantFrom(...'{};"\'\\ #~^*()[]?|.=@%&<>-abtrn/é漢'), maxLength: 30 })

test('any text without "$" and control characters is read back as it was', () => {
  fc.assert(
    fc.property(metacharacters, (text) => void expect(readWord(renderWord(text))).toBe(text)),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(metacharacters, (text) => void expect(readWord(renderWord(pattern(text)))).toBe(text)),
    { numRuns: 1000 },
  )
})

test('what nginx cannot say is refused, not changed', () => {
  for (const text of ['a$b', 'a\nb', 'a\u0000b', 'a\tb', '\u007f'])
    expect(() => renderWord(text)).toThrow('cannot stand')
  expect(() => renderWord(join('a$b'))).toThrow('cannot stand')
  expect(() => renderWord(pattern('a\nb'))).toThrow('cannot stand')
  expect(() => variable('a; evil')).toThrow('no name of a variable')
})

test('an escaped text is a pattern that matches this text and no other', () => {
  fc.assert(
    fc.property(metacharacters, metacharacters, (text, other) => {
      const regex = new RegExp(`^${escapePattern(text)}$`)
      expect(regex.test(text)).toBe(true)
      if (other !== text) expect(regex.test(other)).toBe(false)
    }),
  )
})

test('directives, blocks and conditions', () => {
  const nodes = [
    block(
      'location',
      ['^~', '/a/'],
      [
        when(['-e', '/flag'], [directive('set', variable('x'), 'b')]),
        directive('proxy_pass', join('http://127.0.0.1:', variable('port'), variable('rest'))),
      ],
    ),
  ]
  expect(render(nodes)).toBe(`location ^~ /a/ {
    if (-e /flag) {
        set $x b;
    }
    proxy_pass "http://127.0.0.1:\${port}\${rest}";
}
`)
})
