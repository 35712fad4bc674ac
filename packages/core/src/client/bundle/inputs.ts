import { lstat, readlink, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Metafile } from 'esbuild'
import * as z from 'zod'

/** A path, and how it looked: another look is another content, another place, or nothing at all. */
export const inputs = z.array(z.tuple([z.string(), z.string()]))
/** All that decided about a bundle. */
export type Inputs = z.output<typeof inputs>

/** Files that were read, and what decided that it was these. */
export interface Sources {
  readonly files: readonly string[]
  /** Places where a package was, or could have been, found: links that another installation points elsewhere. */
  readonly places: readonly string[]
}

/** By esbuild's account of what it read. `path` makes a name of it absolute. */
export function sourcesOf({ inputs: read }: Metafile, path: (input: string) => string): Sources {
  const places = new Set<string>()
  for (const [input, { imports }] of Object.entries(read)) {
    for (const { original } of imports) {
      const name = original === undefined ? undefined : packageOf(original)
      if (name !== undefined)
        for (const folder of above(dirname(path(input)))) places.add(join(folder, 'node_modules', name))
    }
  }
  return { files: Object.keys(read).map(path), places: [...places] }
}

/** The package that a bare import names. */
function packageOf(specifier: string): string | undefined {
  return /^(?:@[^/.][^/]*\/)?[^/.@#:][^/:]*(?=\/|$)/.exec(specifier)?.[0]
}

function* above(folder: string): Generator<string> {
  yield folder
  const next = dirname(folder)
  if (next !== folder) yield* above(next)
}

/**
 * How all of it looks now. Folders of files count too (a new file in one may be what an import finds from then on), and
 * what says how names are resolved: package.json and tsconfig.json, there or not.
 */
export async function lookAt({ files, places }: Sources): Promise<Inputs> {
  const folders = new Set(files.flatMap((file) => [...above(dirname(file))]))
  const near = new Set(files.map((file) => dirname(file)))
  const all = [
    ...new Set([...files, ...near]),
    ...Array.from(folders, (folder) => join(folder, 'package.json')),
    ...Array.from(near, (folder) => join(folder, 'tsconfig.json')),
  ]
  const seen = await Promise.all([
    ...all.map(async (path): Promise<Inputs[number]> => [path, await contentOf(path)]),
    ...places.map(async (path): Promise<Inputs[number]> => [path, await placeOf(path)]),
  ])
  return seen.sort(([a], [b]) => (a < b ? -1 : 1))
}

export async function stillSo(before: Inputs): Promise<boolean> {
  const looks = await Promise.all(
    before.map(async ([path, look]) => look === (look.startsWith('at ') ? await placeOf(path) : await contentOf(path))),
  )
  return looks.every((same) => same)
}

async function contentOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return 'absent'
  const { mtimeMs, ctimeMs, ino, size } = found
  // A folder's size tells nothing, and its change time is also that of a file's first link.
  return found.isDirectory() ? `folder ${mtimeMs} ${ino}` : `file ${size} ${mtimeMs} ${ctimeMs} ${ino}`
}

async function placeOf(path: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return 'at nothing'
  return found.isSymbolicLink() ? `at ${await readlink(path).catch(() => '')}` : `at ${found.ino}`
}
