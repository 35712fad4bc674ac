import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { isOurs, readCached, writeCached } from '../cache/document.ts'
import { cacheFolder } from '../cache/folder.ts'
import { cacheKey } from '../cache/key.ts'
import { coreVersion } from '../version.ts'
import type { BundleSource, Made } from './bundle.ts'
import { inputs, lookAt, stillSo } from './inputs.ts'
import { type Bundle, bundleOf, digest } from './made.ts'

const document = z.object({ sha256: z.string(), inputs })

/** The bundler's own files: they lie with the core that runs, and are inputs as well. */
const BUNDLER = [
  fileURLToPath(import.meta.url),
  createRequire(import.meta.url).resolve('esbuild/package.json'),
] as const

/**
 * The bundle of the last run, if nothing that went into it has changed since: most deploys change the service, not the
 * engine, and bundling costs more than all else that the client computes.
 */
export async function cachedBundle(
  source: BundleSource,
  make: () => Promise<Made>,
  folder = join(cacheFolder(), 'bundles'),
): Promise<Bundle> {
  const key = cacheKey(source.file, source.form, coreVersion(), ...BUNDLER)
  const code = join(folder, `${key}.cjs`)
  const list = join(folder, `${key}.json`)
  const known = document.safeParse(await readCached(list)).data
  if (known?.inputs.some(([path]) => path === source.file) === true && (await stillSo(known.inputs))) {
    // It will run as root: what is sent is what was made, and not what has come into its place.
    const bytes = (await isOurs(code)) ? await readFile(code).catch(() => undefined) : undefined
    if (bytes !== undefined && digest(bytes) === known.sha256) return bundleOf(bytes)
  }
  const began = Date.now()
  const made = await make()
  const seen = await lookAt({ ...made.sources, files: [...made.sources.files, source.file, ...BUNDLER] })
  const bytes = await made.bundle.read()
  // What changed while it was read may have been read in its old form, with its new time recorded.
  if (seen.every(([, look]) => latest(look) < began)) {
    await writeCached(code, bytes)
    await writeCached(list, JSON.stringify({ sha256: made.bundle.sha256, inputs: seen }))
  }
  return made.bundle
}

/** When a file or folder last changed, by its look (milliseconds). */
function latest(look: string): number {
  const [kind, ...numbers] = look.split(' ')
  return kind === 'file' ? Number(numbers[1]) : kind === 'folder' ? Number(numbers[0]) : 0
}
