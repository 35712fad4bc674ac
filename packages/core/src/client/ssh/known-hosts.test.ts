import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { distrust } from './host-key.ts'
import { fingerprint, judge, keyType, knownHostsName, knownTypes } from './known-hosts.ts'

function key(seed: string): Buffer {
  const type = Buffer.from('ssh-ed25519')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, type, Buffer.from(seed.padEnd(36, '.'))])
}
const ours = key('ours')
const line = (names: string, of = ours) => `${names} ssh-ed25519 ${of.toString('base64')} a comment`
const hashed = (name: string) => {
  const salt = Buffer.from('01234567890123456789')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

it.each([
  ['plain', line('other,host.example'), 'trusted'],
  ['hashed', line(hashed('host.example')), 'trusted'],
  ['wildcard', line('*.example'), 'trusted'],
  ['negated', line('*.example,!host.example'), 'unknown'],
  ['none', `# nothing\n\n${line('other')}`, 'unknown'],
  ['changed', line('host.example', key('theirs')), 'changed'],
  ['two keys', `${line('host.example', key('theirs'))}\n${line('host.example')}`, 'trusted'],
  ['revoked', `${line('host.example')}\n@revoked ${line('*')}`, 'revoked'],
  ['authority', `@cert-authority ${line('*')}`, 'unknown'],
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

it('refuses with the line to add, and believes a pinned fingerprint over known_hosts, but never a revoked key', () => {
  const target = { host: 'h', port: 22 }
  const pinned = { ...target, hostKey: fingerprint(ours) }
  expect(distrust(target, ours, '')?.hint).toContain(`h ssh-ed25519 ${ours.toString('base64')}`)
  expect(distrust(target, ours, '')?.hint).toContain(`--host-key ${fingerprint(ours)}`)
  expect(distrust(pinned, ours, '')).toBeUndefined()
  expect(distrust(pinned, key('theirs'), '')?.code).toBe('AXLE_HOST_KEY')
  expect(distrust(pinned, ours, `@revoked ${line('h')}`)?.message).toContain('revoked')
})
