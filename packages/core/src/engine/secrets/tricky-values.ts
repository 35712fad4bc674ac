/** Values that break parsers of environment files. For tests, on hosts too. */
export function trickyValues(): Record<string, string> {
  const parts = [
    '',
    ' ',
    '"',
    "'",
    '\\',
    '\\\\',
    '$',
    '$HOME',
    '${HOME}',
    '`id`',
    '#',
    ';',
    '=',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\\n',
    '\\"',
    "\\'",
    '%',
    '%%',
    '%n',
    'é',
    '😀',
    '\u0085',
    '\u2028',
    '\ufeff',
    '!',
    '*',
    '~',
    'export X=1',
    'a\\\nb',
    '$(id)',
    '\\$',
    '&',
    '<>',
    '|',
  ]
  const values = parts.flatMap((part) => [part, `a${part}b`, `${part}a`, `a${part}`, part.repeat(3), ` ${part} `])
  values.push('-----BEGIN KEY-----\nabc+/=\n-----END KEY-----\n', '{"a":"b\\"c"}', 'x'.repeat(100_000))
  for (const a of parts) for (const b of ['"', '\\', '$', '\n', "'"]) values.push(a + b, b + a)
  return Object.fromEntries(values.map((value, index) => [`V_${index}`, value]))
}
