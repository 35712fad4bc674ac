import { expect, it } from 'vitest'
import { hashedName, judge, keyType, knownHostsLine, knownHostsName, knownTypes } from './known-hosts.ts'

function key(seed: string): Buffer {
  const type = Buffer.from('ssh-ed25519')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, type, Buffer.from(seed.padEnd(36, '.'))])
}
const ours = key('ours')
const line = (names: string, of = ours) => `${names} ssh-ed25519 ${of.toString('base64')} a comment`
const hashed = (name: string) => hashedName(name, Buffer.from('01234567890123456789'))

it.each([
  ['plain', line('other,host.example'), 'trusted'],
  ['hashed', line(hashed('host.example')), 'trusted'],
  ['wildcard', line('*.example'), 'trusted'],
  ['negated', line('*.example,!host.example'), 'unknown'],
  ['none', `# nothing\n\n${line('other')}`, 'unknown'],
  ['changed', line('host.example', key('theirs')), 'changed'],
  ['two keys', `${line('host.example', key('theirs'))}\n${line('host.example')}`, 'trusted'],
  ['revoked', `${line('host.example')}\n@revoked ${line('*')}`, 'revoked'],
  ['authority', `@cert-authority ${line('*')}`, 'authority'],
  ['authority beside a key', `@cert-authority ${line('*', key('ca'))}\n${line('host.example')}`, 'trusted'],
])('judges by a line that is %s', (_, text, expected) => {
  expect(judge(text, 'host.example', ours)).toBe(expected)
})

it('has names with a port', () => {
  expect(knownHostsName('Host.example', 2222)).toBe('[host.example]:2222')
  expect(judge(line(hashed('[h]:2222')), '[h]:2222', ours)).toBe('trusted')
  expect(judge(line('[h]:2222'), '[h]:2222', ours)).toBe('trusted')
  expect(judge(line('h'), '[h]:2222', ours)).toBe('unknown')
  expect(knownTypes(line('h'), 'h')).toEqual(['ssh-ed25519'])
  expect(keyType(ours)).toBe('ssh-ed25519')
})

it('writes lines that it believes, also hashed', () => {
  expect(judge(knownHostsLine('[h]:2222', ours), '[h]:2222', ours)).toBe('trusted')
  const hidden = knownHostsLine('[h]:2222', ours, true)
  expect(hidden).not.toContain('2222')
  expect(judge(hidden, '[h]:2222', ours)).toBe('trusted')
  expect(judge(hidden, 'h', ours)).toBe('unknown')
})
