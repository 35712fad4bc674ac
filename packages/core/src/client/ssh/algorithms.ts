import { AxleError } from '../../protocol/errors.ts'
import type { Answers } from './files/evaluate.ts'
import type { Setting } from './files/parse.ts'
import { wildcard } from './pattern.ts'

/** What the SSH library offers by itself, and, after it, what it has for old hosts: only for those that name it. */
const OFFERED = {
  serverHostKey: [
    [
      'ssh-ed25519',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
      'rsa-sha2-512',
      'rsa-sha2-256',
    ],
    ['ssh-rsa'],
  ],
  kex: [
    [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group-exchange-sha256',
      'diffie-hellman-group14-sha256',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group18-sha512',
    ],
    ['diffie-hellman-group14-sha1'],
  ],
  cipher: [
    ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
    ['aes256-cbc', 'aes192-cbc', 'aes128-cbc'],
  ],
  hmac: [
    [
      'hmac-sha2-256-etm@openssh.com',
      'hmac-sha2-512-etm@openssh.com',
      'hmac-sha1-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
      'hmac-sha1',
    ],
    [],
  ],
} as const
type Kind = keyof typeof OFFERED
type Algorithm<K extends Kind> = (typeof OFFERED)[K][0][number] | (typeof OFFERED)[K][1][number]

/** Lines about algorithms, as they are written. */
export type AlgorithmRules = Readonly<Partial<Record<Kind, Setting>>>

const DIRECTIVES: Readonly<Record<Kind, string>> = {
  serverHostKey: 'hostkeyalgorithms',
  kex: 'kexalgorithms',
  cipher: 'ciphers',
  hmac: 'macs',
}

export function algorithmRules({ first }: Answers): AlgorithmRules {
  const entry = (kind: Kind) => {
    const setting = first.get(DIRECTIVES[kind])
    return setting === undefined ? {} : { [kind]: setting }
  }
  return { ...entry('serverHostKey'), ...entry('kex'), ...entry('cipher'), ...entry('hmac') }
}

/** What is left of ours by the rules, in their order (ssh_config(5): `+` adds, `-` takes away, `^` prefers). */
export function allowed<K extends Kind>(rules: AlgorithmRules, kind: K): Algorithm<K>[] {
  const [usual, old]: readonly [readonly Algorithm<K>[], readonly Algorithm<K>[]] = OFFERED[kind]
  const setting = rules[kind]
  if (setting === undefined) return [...usual]
  const written = setting.words.join('')
  const sign = /^[+^-]/.exec(written)?.[0] ?? ''
  const patterns = written.slice(sign.length).split(',').map(wildcard)
  const named = patterns.flatMap((one) => [...usual, ...old].filter((algorithm) => one.test(algorithm)))
  const lists: Readonly<Record<string, readonly Algorithm<K>[]>> = {
    '+': [...usual, ...named],
    '-': usual.filter((one) => !named.includes(one)),
    '^': [...named, ...usual],
    '': named,
  }
  const result = [...new Set(lists[sign])]
  if (result.length > 0) return result
  throw new AxleError('AXLE_SSH_CONFIG', `${setting.file} says "${setting.name} ${written}", of which Axle has none.`, {
    where: setting.file,
    hint: `Add one of: ${usual.join(', ')}`,
  })
}
