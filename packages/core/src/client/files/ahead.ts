import { join } from 'node:path'
import * as z from 'zod'
import type { Manifest } from '../../protocol/release.ts'
import { readCached, writeCached } from '../cache/document.ts'
import { cacheFolder } from '../cache/folder.ts'
import { cacheKey } from '../cache/key.ts'
import type { Content } from './collect.ts'

/** More is not sent on a guess (bytes): beyond it a round trip is nothing beside the upload. */
const MOST = 1_000_000

const sent = z.array(z.string())

const fileOf = (host: string, project: string): string => join(cacheFolder(), 'sent', `${cacheKey(host, project)}.json`)

/**
 * What the host will lack, from what this machine had it store the last time: sent with the first message, it saves a
 * round trip. `undefined` where nothing is known, or where it is too much for a guess.
 */
export async function foreseeMissing(
  host: string,
  project: string,
  contents: ReadonlyMap<string, Content>,
): Promise<readonly string[] | undefined> {
  const known = sent.safeParse(await readCached(fileOf(host, project)))
  if (!known.success) return undefined
  const there = new Set(known.data)
  const missing = [...contents].filter(([sha256]) => !there.has(sha256))
  const bytes = missing.reduce((sum, [, { size }]) => sum + size, 0)
  return missing.length > 0 && bytes <= MOST ? missing.map(([sha256]) => sha256) : undefined
}

/** Once the host has said that it has all of it. */
export async function rememberSent(
  host: string,
  project: string,
  manifests: Readonly<Record<string, Manifest>>,
): Promise<void> {
  const all = Object.values(manifests).flatMap((entries) =>
    entries.flatMap((entry) => ('sha256' in entry ? [entry.sha256] : [])),
  )
  await writeCached(fileOf(host, project), JSON.stringify([...new Set(all)]))
}
