import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { readCached, writeCached } from '../cache/document.ts'
import { cacheFolder } from '../cache/folder.ts'
import { cacheKey } from '../cache/key.ts'
import type { Bundle, BundleSource, Made } from './bundle.ts'
import { inputs, lookAt, stillSo } from './inputs.ts'

const document = z.object({ hash: z.string(), sha256: z.string(), size: z.number(), inputs })

/**
 * The bundle of the last run, if nothing that went into it has changed since: most deploys change the service, not the
 * engine, and bundling costs more than all else that the client computes.
 */
export async function cachedBundle(
  source: BundleSource,
  make: () => Promise<Made>,
  folder = join(cacheFolder(), 'bundles'),
): Promise<Bundle> {
  const key = cacheKey(source.file, source.form)
  const code = join(folder, `${key}.cjs`)
  const known = document.safeParse(await readCached(join(folder, `${key}.json`))).data
  if (known !== undefined && (await sizeOf(code)) === known.size && (await stillSo(known.inputs))) {
    const { hash, sha256, size } = known
    return { hash, sha256, size, read: () => readFile(code) }
  }
  const began = Date.now()
  const made = await make()
  // The bundler is an input as well: this very file lies in it.
  const seen = await lookAt([...made.files, fileURLToPath(import.meta.url)])
  const { hash, sha256, size } = made.bundle
  // What changed while it was read may have been read in its old form, with its new time recorded.
  if (seen.every(([, , time]) => time < began)) {
    await writeCached(code, await made.bundle.read())
    await writeCached(join(folder, `${key}.json`), JSON.stringify({ hash, sha256, size, inputs: seen }))
  }
  return made.bundle
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size
}
