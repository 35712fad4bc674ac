import { AxleError } from '../../../protocol/errors.ts'
import type { Answers } from './evaluate.ts'
import type { Setting } from './parse.ts'

interface Unsupported {
  /** Whether this value of it changes the connection. */
  matters(words: readonly string[]): boolean
  readonly hint: string
}

const said = (words: readonly string[]) => words.join(' ').toLowerCase()
const notNone = (words: readonly string[]) => said(words) !== 'none' && said(words) !== ''
const SECURITY_KEYS = 'Name a key file with --identity, or a host whose section says IdentityFile.'

/** What would lead to another machine, another trust or another login than ssh(1)'s: not to be passed over in silence. */
const UNSUPPORTED: Readonly<Record<string, Unsupported>> = {
  proxycommand: {
    matters: notNone,
    hint: 'Where it goes through another host, ProxyJump does the same, and Axle follows it.',
  },
  canonicalizehostname: {
    matters: (words) => ['yes', 'always'].includes(said(words)),
    hint: 'Write the whole name: --host user@name.example.com, or a HostName in its section; and CanonicalizeHostname no there.',
  },
  knownhostscommand: {
    matters: notNone,
    hint: 'Put the line that it prints into a known_hosts file, and "KnownHostsCommand none" into the section of this host.',
  },
  revokedhostkeys: {
    matters: notNone,
    hint: 'Put revoked keys into known_hosts, as lines that begin with @revoked.',
  },
  pkcs11provider: { matters: notNone, hint: SECURITY_KEYS },
  securitykeyprovider: { matters: (words) => notNone(words) && said(words) !== 'internal', hint: SECURITY_KEYS },
  bindinterface: { matters: notNone, hint: 'BindAddress with an address of that interface does the same.' },
  pubkeyauthentication: {
    matters: (words) => said(words) === 'no',
    hint: 'Axle logs in with keys only: say "PubkeyAuthentication yes" in the section of this host.',
  },
  preferredauthentications: {
    matters: (words) => !said(words).split(',').includes('publickey'),
    hint: 'Axle logs in with keys only: add publickey to the list.',
  },
  refuseconnection: { matters: () => true, hint: 'The config says not to connect: take the line out if that is past.' },
}

export function refuseUnsupported(answers: Answers, name: string): void {
  for (const setting of answers.first.values()) {
    const found = UNSUPPORTED[setting.name.toLowerCase()]
    if (found?.matters(setting.words) === true) throw refusal(setting, name, found.hint)
  }
}

function refusal({ name: directive, words, file }: Setting, name: string, hint: string): AxleError {
  return new AxleError(
    'AXLE_SSH_CONFIG',
    `${file} says "${directive} ${words.join(' ')}" for ${name}, which Axle does not support.`,
    {
      where: file,
      hint,
    },
  )
}
