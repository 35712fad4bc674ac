import { hostname } from 'node:os'
import { join } from 'node:path'
import { AxleError } from '../../../protocol/errors.ts'
import { homeFolder } from '../../local-user.ts'
import type { Setting } from './parse.ts'

export type Tokens = Readonly<Record<string, string>>

/** What `%x` stands for (ssh_config(5), TOKENS), as far as it is known before the connection. */
export function tokensOf(known: {
  name: string
  host: string
  port: number
  user: string
  localUser: string
  alias: string
}): Tokens {
  return {
    '%': '%',
    d: homeFolder(),
    h: known.host,
    i: String(process.getuid?.() ?? ''),
    k: known.alias,
    L: hostname().split('.')[0] ?? '',
    l: hostname(),
    n: known.name,
    p: String(known.port),
    r: known.user,
    u: known.localUser,
  }
}

export function expand(text: string, tokens: Tokens, { name, file }: Setting): string {
  return text.replaceAll(/%(.)/g, (whole, token: string) => {
    const value = tokens[token]
    if (value !== undefined) return value
    throw new AxleError('AXLE_SSH_CONFIG', `${name} ${text} in ${file}: Axle does not know ${whole} there.`, {
      where: file,
      hint: 'Write out what it stands for.',
    })
  })
}

/** A path: `~`, tokens and `${VARIABLE}`. */
export function expandPath(text: string, tokens: Tokens, setting: Setting): string {
  const { name, file } = setting
  const written = text.replaceAll(/\$\{([^}]+)\}/g, (_, variable: string) => {
    const value = process.env[variable]
    if (value !== undefined) return value
    throw new AxleError('AXLE_SSH_CONFIG', `${name} ${text} in ${file}: the variable ${variable} is not set.`, {
      where: file,
    })
  })
  const path = expand(written, tokens, setting)
  return path === '~' || path.startsWith('~/') ? join(homeFolder(), path.slice(2)) : path
}
