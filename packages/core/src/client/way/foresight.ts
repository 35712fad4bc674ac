import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCached, writeCached } from '../cache/document.ts'
import { cacheFolder } from '../cache/folder.ts'
import { cacheKey } from '../cache/key.ts'
import type { HostTarget } from '../config/hosts.ts'

/** What decides about the host beside the config's own text. */
export interface Asked {
  /** Absolute path of the config. */
  readonly file: string
  readonly host?: string | undefined
  readonly identity?: string | undefined
  readonly hostKey?: string | undefined
}

/**
 * The host that this config, by its text, led to the last time: known before the config is evaluated, so that the
 * connection and the preparations take their time side by side. Only a guess: it is used if the config says the same.
 */
export async function foreseeTarget(asked: Asked): Promise<HostTarget | undefined> {
  const [known, text] = await Promise.all([readCached(fileOf(asked)), digestOf(asked.file)])
  if (typeof known !== 'object' || known === null || !('config' in known) || known.config !== text) return undefined
  return 'target' in known && isTarget(known.target) ? known.target : undefined
}

export async function rememberTarget(asked: Asked, target: HostTarget): Promise<void> {
  await writeCached(fileOf(asked), JSON.stringify({ config: await digestOf(asked.file), target }))
}

const fileOf = ({ file, host, identity, hostKey }: Asked): string =>
  join(cacheFolder(), 'ways', `${cacheKey(file, host, identity, hostKey)}.json`)

async function digestOf(file: string): Promise<string> {
  const text = await readFile(file).catch(() => '')
  return createHash('sha256').update(text).digest('hex')
}

/** By hand: the schema's library takes longer to load than all of this. */
function isTarget(value: unknown): value is HostTarget {
  if (typeof value !== 'object' || value === null) return false
  const optional = (key: string) => {
    const found: unknown = Reflect.get(value, key)
    return found === undefined || typeof found === 'string'
  }
  return (
    'host' in value &&
    typeof value.host === 'string' &&
    ['number', 'undefined'].includes(typeof Reflect.get(value, 'port')) &&
    ['user', 'hostKey', 'identity'].every(optional)
  )
}
