import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeTestHost } from '../host/test-host.ts'
import { KEY_FILE, secretsDigest } from './digest.ts'
import { checkVariable, decodeEnvironment, encodeEnvironment } from './environment-file.ts'
import { redactJson, redactor } from './redact.ts'
import { Secrets } from './secrets.ts'
import { trickyValues } from './tricky-values.ts'

const accepted = (value: string) => {
  try {
    checkVariable('X', value)
    return true
  } catch {
    return false
  }
}
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '$', '`', '\n', "'", ' ', '#') }),
)

test('what is encoded is decoded', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/), value.filter(accepted)), (values) => {
      expect(decodeEnvironment(encodeEnvironment(values))).toEqual({ ...values })
    }),
    { numRuns: 2_000 },
  )
  expect(decodeEnvironment(encodeEnvironment(trickyValues()))).toEqual(trickyValues())
})

test('refuses what systemd would drop, naming the variable and never the value', () => {
  for (const bad of ['hush\0', 'hush\u001b[0m', 'hush\u007f', 'hush\ud800', 'hush\uffff', 'hush'.repeat(40_000)]) {
    expect(() => encodeEnvironment({ NAME: bad })).toThrow(expect.objectContaining({ code: 'AXLE_USAGE' }))
    expect(() => encodeEnvironment({ NAME: bad })).toThrow(/NAME/)
    expect(() => encodeEnvironment({ NAME: bad })).not.toThrow(/hush/)
  }
  expect(() => encodeEnvironment({ 'A-B': '' })).toThrow('no name of a variable')
})

test('guesses at no file that somebody edited', () => {
  for (const text of ['A=b\n', 'A="b"', 'A="b" \n', 'export A="b"\n', 'A="b\\n"\n', 'A="$B"\n']) {
    expect(() => decodeEnvironment(`OK="1"\n${text}`)).toThrow(/Line 2/)
  }
})

test('keeps values, and a copy a release', async () => {
  const secrets = new Secrets(await makeTestHost())
  expect(await secrets.names('api')).toEqual([])
  await secrets.set('api', 'B', 'two')
  await secrets.set('api', 'A', 'one\nline')
  expect(await secrets.names('api')).toEqual(['A', 'B'])
  await secrets.copyForRelease('api', '0123456789ab')
  await secrets.unset('api', 'B')
  expect(await secrets.values('api')).toEqual({ A: 'one\nline' })
  expect(await secrets.valuesOfRelease('api', '0123456789ab')).toEqual({ A: 'one\nline', B: 'two' })
  await secrets.removeForRelease('api', '0123456789ab')
  expect(await secrets.valuesOfRelease('api', '0123456789ab')).toBeUndefined()
  await expect(secrets.unset('api', 'B')).rejects.toMatchObject({ code: 'AXLE_UNKNOWN' })
})

test('files are for root alone', async () => {
  const host = await makeTestHost()
  await new Secrets(host).set('api', 'A', 'x')
  expect((await host.stat('/var/lib/axle/secrets'))?.mode).toBe('700')
  expect((await host.stat('/var/lib/axle/secrets/api/current.env'))?.mode).toBe('600')
})

test('the digest depends on the values and on the host, not on their order', async () => {
  const host = await makeTestHost()
  const one = await secretsDigest(host, { A: '1', B: '2' })
  expect(await secretsDigest(host, { B: '2', A: '1' })).toBe(one)
  expect(await secretsDigest(host, { A: '1', B: '3' })).not.toBe(one)
  expect(await secretsDigest(await makeTestHost(), { A: '1', B: '2' })).not.toBe(one)
  expect((await host.stat(KEY_FILE))?.mode).toBe('600')
})

test('redacts a secret in every form', () => {
  const secret = 'p@ss "w/ö?>rd$'
  const redact = redactor([secret, 'abc', 'p@ss'])
  const forms = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase().replace('%c3%b6', '%c3%b6'),
    JSON.stringify(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ]
  for (const form of forms) expect(redact(`x ${form} y`)).toMatch(/^x "?\[secret\]"? y$/)
  expect(redact('abc')).toBe('abc')
  for (const before of ['', 'u', 'us', 'use', 'user:']) {
    const header = Buffer.from(`${before}${secret}:tail`).toString('base64')
    expect(redact(header)).toContain('[secret]')
  }
  expect(redactor([])('x')).toBe('x')
  expect(redactor(['line-one-key\nline-two-key'])('got line-two-key')).toBe('got [secret]')
  expect(redactJson(redact, { [secret]: [secret, 1, null, { a: `<${secret}>` }] })).toEqual({
    '[secret]': ['[secret]', 1, null, { a: '<[secret]>' }],
  })
})
