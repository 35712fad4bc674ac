import { join } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'
import { type HostTarget, parseAddress } from '../config/hosts.ts'
import { homeFolder, localUser } from '../local-user.ts'
import { type AlgorithmRules, algorithmRules } from './algorithms.ts'
import { type Answers, evaluate } from './files/evaluate.ts'
import type { Setting } from './files/parse.ts'
import { type ReadSection, readSshConfig } from './files/read.ts'
import { expand, expandPath, type Tokens, tokensOf } from './files/tokens.ts'
import { refuseUnsupported } from './files/unsupported.ts'
import { knownHostsName } from './trust/known-hosts.ts'

/** One SSH server on the way, with all that files and the command line say about it. */
export interface Hop {
  /** As a person named it: an alias, or the address. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
  /** Its name in known_hosts. */
  readonly trustName: string
  /** `SHA256:…` that somebody pinned. */
  readonly hostKey?: string
  readonly knownHosts: { readonly user: readonly string[]; readonly machine: readonly string[]; readonly hash: boolean }
  /** `StrictHostKeyChecking`, as it is written. */
  readonly strict: string
  readonly keys: KeySources
  readonly keepAlive: { readonly intervalMs: number; readonly count: number }
  readonly connectTimeoutMs: number
  /** `BatchMode`: nobody is asked. */
  readonly batch: boolean
  readonly algorithms: AlgorithmRules
  readonly family?: 4 | 6
  readonly localAddress?: string
}

export interface KeySources {
  readonly files: readonly string[]
  /** Somebody named the files; else they are the usual ones. */
  readonly named: boolean
  /** No other key of the agent's is tried. */
  readonly only: boolean
  /** Socket of the agent. */
  readonly agent?: string
  readonly passphraseTries: number
  /** Certificates that the config names. They are not used, and a refused login says so. */
  readonly certificates: readonly string[]
}

/** The hosts on the way, in the order in which they are reached: the last is the target. */
export interface Route {
  readonly hops: readonly [Hop, ...Hop[]]
}

const USUAL_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa']
const FAMILIES: Readonly<Record<string, 4 | 6>> = { inet: 4, inet6: 6 }
const MOST_HOPS = 8

/** Finds the way to a host. Reads the files of ssh(1), and nothing else. */
export async function resolveRoute(target: HostTarget): Promise<Route> {
  return routeBy(await readSshConfig(), target)
}

export function routeBy(sections: readonly ReadSection[], target: HostTarget): Route {
  const before = (one: HostTarget, jump: string | undefined, depth: number): readonly Hop[] => {
    const { hop, jumps } = hopOf(sections, one, jump)
    if (depth > MOST_HOPS)
      throw new AxleError(
        'AXLE_SSH_CONFIG',
        `ProxyJump leads through more than ${MOST_HOPS} hosts to ${target.host}.`,
        {
          hint: `Most likely a jump host jumps through itself: say "ProxyJump none" in the section of ${one.host}.`,
        },
      )
    const last = jumps.at(-1)
    if (last === undefined) return [hop]
    // Of a chain, each host is reached through those before it; the first one as its own section says.
    const rest = jumps.slice(0, -1)
    return [...before(jumpTarget(last, one.host), rest.length === 0 ? undefined : rest.join(','), depth + 1), hop]
  }
  const [first, ...rest] = before(target, undefined, 0)
  if (first === undefined) throw new Error('a route has at least its target')
  return { hops: [first, ...rest] }
}

function jumpTarget(jump: string, from: string): HostTarget {
  const target = parseAddress(jump.replace(/^ssh:\/\//, '').replace(/\/$/, ''))
  if (target !== undefined) return target
  throw new AxleError('AXLE_SSH_CONFIG', `ProxyJump ${jump}, on the way to ${from}: expected "user@host:port".`)
}

function hopOf(
  sections: readonly ReadSection[],
  target: HostTarget,
  jump: string | undefined,
): { hop: Hop; jumps: readonly string[] } {
  const name = target.host
  const { name: localName } = localUser()
  const answers = evaluate(sections, { name, user: target.user, localUser: localName })
  refuseUnsupported(answers, name)
  const word = (key: string) => answers.first.get(key)?.words[0]
  const user = target.user ?? word('user') ?? localName
  const port = target.port ?? portOf(answers.first.get('port')) ?? 22
  const written = answers.first.get('hostname')
  const host = written === undefined ? name : expand(written.words[0] ?? name, { h: name, '%': '%' }, written)
  const alias = word('hostkeyalias')
  const tokens = tokensOf({ name, host, port, user, localUser: localName, alias: alias ?? host })
  const family = FAMILIES[word('addressfamily')?.toLowerCase() ?? '']
  const localAddress = word('bindaddress')
  const proxy = answers.first.get('proxy')
  return {
    hop: {
      name,
      host,
      port,
      user,
      trustName: alias === undefined ? knownHostsName(host, port) : alias.toLowerCase(),
      ...(target.hostKey === undefined ? {} : { hostKey: target.hostKey }),
      knownHosts: {
        user: pathsOf(answers, 'userknownhostsfile', tokens) ?? usual(homeSsh(), 'known_hosts'),
        machine: pathsOf(answers, 'globalknownhostsfile', tokens) ?? usual('/etc/ssh', 'ssh_known_hosts'),
        hash: isYes(word('hashknownhosts')),
      },
      strict: word('stricthostkeychecking')?.toLowerCase() ?? 'ask',
      keys: keysOf(answers, target.identity, tokens),
      // Without a sign of life, a link that died would be waited for as long as the operation takes.
      keepAlive: {
        intervalMs: (secondsOf(word('serveraliveinterval')) ?? 5) * 1000,
        count: numberOf(word('serveralivecountmax')) ?? (word('serveraliveinterval') === undefined ? 6 : 3),
      },
      connectTimeoutMs: (secondsOf(word('connecttimeout')) ?? 20) * 1000,
      batch: isYes(word('batchmode')),
      algorithms: algorithmRules(answers),
      ...(family === undefined ? {} : { family }),
      ...(localAddress === undefined ? {} : { localAddress }),
    },
    jumps: jump?.split(',') ?? jumpsOf(proxy, tokens),
  }
}

function jumpsOf(proxy: Setting | undefined, tokens: Tokens): readonly string[] {
  if (proxy === undefined || proxy.name.toLowerCase() !== 'proxyjump') return []
  const chain = proxy.words.join('')
  return chain.toLowerCase() === 'none' ? [] : expand(chain, tokens, proxy).split(',')
}

function keysOf(answers: Answers, identity: string | undefined, tokens: Tokens): KeySources {
  const word = (key: string) => answers.first.get(key)?.words[0]
  const paths = (key: string) => [
    ...new Set(answers.all(key).flatMap((one) => one.words.map((path) => expandPath(path, tokens, one)))),
  ]
  const written = paths('identityfile')
  const configured = written.filter((path) => path.toLowerCase() !== 'none')
  const agent = agentOf(answers.first.get('identityagent'), tokens)
  const common = {
    ...(agent === undefined ? {} : { agent }),
    passphraseTries: numberOf(word('numberofpasswordprompts')) ?? 3,
    certificates: identity === undefined ? paths('certificatefile') : [],
  }
  if (identity !== undefined) {
    const file = identity.startsWith('~/') ? join(homeFolder(), identity.slice(2)) : identity
    return { ...common, files: [file], named: true, only: true }
  }
  const files = written.length === 0 ? USUAL_KEYS.map((key) => join(homeSsh(), key)) : configured
  return { ...common, files, named: configured.length > 0, only: isYes(word('identitiesonly')) }
}

function agentOf(setting: Setting | undefined, tokens: Tokens): string | undefined {
  const fromEnvironment = process.env.SSH_AUTH_SOCK
  const [word] = setting?.words ?? []
  if (setting === undefined || word === undefined || word === 'SSH_AUTH_SOCK')
    return fromEnvironment === '' ? undefined : fromEnvironment
  if (word.toLowerCase() === 'none') return undefined
  if (/^\$[A-Za-z_]\w*$/.test(word)) return process.env[word.slice(1)]
  return expandPath(word, tokens, setting)
}

function pathsOf(answers: Answers, key: string, tokens: Tokens): readonly string[] | undefined {
  const setting = answers.first.get(key)
  if (setting === undefined) return undefined
  return setting.words.filter((one) => one.toLowerCase() !== 'none').map((one) => expandPath(one, tokens, setting))
}

const homeSsh = () => join(homeFolder(), '.ssh')
const usual = (folder: string, name: string) => [join(folder, name), join(folder, `${name}2`)]
const isYes = (word: string | undefined) => ['yes', 'true'].includes(word?.toLowerCase() ?? '')

function portOf(setting: Setting | undefined): number | undefined {
  if (setting === undefined) return undefined
  const port = Number(setting.words[0])
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new AxleError('AXLE_SSH_CONFIG', `${setting.file} says "Port ${setting.words.join(' ')}".`, {
    where: setting.file,
  })
}

function numberOf(word: string | undefined): number | undefined {
  const number = Number(word)
  return word !== undefined && Number.isInteger(number) && number > 0 ? number : undefined
}

/** `30`, `1m`, `1m30s` (sshd_config(5), TIME FORMATS); zero and nonsense are as if nothing were written. */
function secondsOf(word: string | undefined): number | undefined {
  if (word === undefined || !/^(?:\d+[smhdw]?)+$/i.test(word)) return undefined
  const worth: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
  const parts = [...word.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)]
  const seconds = parts.reduce((sum, [, count = '0', unit = '']) => sum + Number(count) * (worth[unit] ?? 1), 0)
  return seconds > 0 ? seconds : undefined
}
