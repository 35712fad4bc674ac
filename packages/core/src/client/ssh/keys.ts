import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'

const DEFAULTS = ['id_ed25519', 'id_ecdsa', 'id_rsa'] as const

export type Login =
  | { readonly type: 'publickey'; readonly username: string; readonly key: string }
  | { readonly type: 'agent'; readonly username: string; readonly agent: string }

/** What is tried, in this order: the named key alone; else the agent, then the usual files. */
export async function logins(username: string, identity: string | undefined): Promise<Login[]> {
  if (identity !== undefined) return [{ type: 'publickey', username, key: await named(identity) }]
  const agent = process.env.SSH_AUTH_SOCK
  const keys = await Promise.all(
    DEFAULTS.map((name) => readFile(join(homedir(), '.ssh', name), 'utf8').catch(() => undefined)),
  )
  return [
    ...(agent === undefined || agent === '' ? [] : [{ type: 'agent', username, agent } as const]),
    ...keys.flatMap((key) =>
      key === undefined || isEncrypted(key) ? [] : [{ type: 'publickey', username, key } as const],
    ),
  ]
}

async function named(identity: string): Promise<string> {
  const file = identity.startsWith('~/') ? join(homedir(), identity.slice(2)) : identity
  const key = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AxleError('AXLE_AUTHENTICATION', `The private key ${file} cannot be read.`, {
      where: file,
      hint: 'Check what --identity says.',
      cause,
    })
  })
  if (!isEncrypted(key)) return key
  throw new AxleError('AXLE_AUTHENTICATION', `The private key ${file} has a passphrase.`, {
    where: file,
    hint: `Load it into your agent (ssh-add ${file}), and leave --identity out.`,
  })
}

/** A PEM header says so; OpenSSH's own form names the cipher first. */
export function isEncrypted(key: string): boolean {
  if (key.includes('ENCRYPTED')) return true
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(key) ?? []
  if (body === undefined) return false
  const magic = 'openssh-key-v1\0'.length
  const bytes = Buffer.from(body, 'base64')
  return bytes.subarray(magic + 4, magic + 8).toString('latin1') !== 'none'
}
