import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { matchesPatterns } from '../pattern.ts'

/** One line of known_hosts, by sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
interface Line {
  readonly marker: string | undefined
  readonly names: string
  readonly type: string
  readonly key: Buffer
}

/** `authority`: all that is known of the host is who may sign its key. */
export type Judgement = 'trusted' | 'unknown' | 'changed' | 'revoked' | 'authority'

/** The name a host has in known_hosts. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/** As ssh-keygen -lf prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** A key begins with the name of its type (RFC 4253, 6.6). */
export function keyType(key: Buffer): string {
  if (key.length < 4) return ''
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')
}

export function judge(text: string, name: string, key: Buffer): Judgement {
  const lines = parse(text).filter((line) => matches(line.names, name))
  if (lines.some(({ marker, key: known }) => marker === '@revoked' && known.equals(key))) return 'revoked'
  const plain = lines.filter(({ marker }) => marker === undefined)
  if (plain.some(({ key: known }) => known.equals(key))) return 'trusted'
  // Another type of key is no contradiction for ssh(1) either, but who knows the host expects the key he knows.
  if (plain.length > 0) return 'changed'
  return lines.some(({ marker }) => marker === '@cert-authority') ? 'authority' : 'unknown'
}

/** The line that makes a key known. Hashed, it does not tell whoever reads the file which hosts there are. */
export function knownHostsLine(name: string, key: Buffer, hash = false): string {
  return `${hash ? hashedName(name, randomBytes(20)) : name} ${keyType(key)} ${key.toString('base64')}`
}

export function hashedName(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

/** Types of key that are known for a host: asked for first, so that the host shows one that can be compared. */
export function knownTypes(text: string, name: string): readonly string[] {
  return parse(text).flatMap(({ marker, names, type }) => (marker === undefined && matches(names, name) ? [type] : []))
}

function parse(text: string): readonly Line[] {
  return text.split('\n').flatMap((raw) => {
    const words = raw.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined
    const [names, type, key] = words
    if (names === undefined || names === '' || names.startsWith('#') || type === undefined || key === undefined)
      return []
    return [{ marker, names, type, key: Buffer.from(key, 'base64') }]
  })
}

function matches(names: string, name: string): boolean {
  if (names.startsWith('|')) return matchesHash(names, name)
  return matchesPatterns(names.toLowerCase().split(','), name)
}

function matchesHash(hashed: string, name: string): boolean {
  const [, version, salt = '', expected = ''] = hashed.split('|')
  if (version !== '1') return false
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  const wanted = Buffer.from(expected, 'base64')
  return wanted.length === actual.length && timingSafeEqual(wanted, actual)
}
