import { lstatSync } from 'node:fs'
import { lstat, readlink, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { AxleError } from '../../protocol/errors.ts'
import { type Manifest, type ManifestEntry, releasePath } from '../../protocol/release.ts'
import { breathe, type Hashed, hashFile, mapLimited } from './hash.ts'
import { type Include, includeOf } from './include.ts'
import { KnownHashes } from './known-hashes.ts'
import { unreadable } from './unreadable.ts'
import { type Found, walk } from './walk.ts'

const AT_ONCE = 16

/** Where on this machine a content lies. */
export interface Content {
  readonly path: string
  readonly size: number
}

export interface Collected {
  /** Sorted by path. */
  readonly manifest: Manifest
  /** By sha256. */
  readonly contents: ReadonlyMap<string, Content>
}

/** What a release is made of: the files of `root` that git doesn't ignore, and what `include` names; less `.axleignore`. */
export async function collect(
  root: string,
  include: readonly string[] = [],
  known = KnownHashes.none(),
): Promise<Collected> {
  const folder = await realpath(root).catch(() => undefined)
  if (folder === undefined || !(await stat(folder)).isDirectory())
    throw refused(root, 'is no folder', "Check the service's root.")
  const included = includeOf(include)
  await checkIncluded(folder, included)
  const found = await walk(folder, included)
  if (found.length === 0)
    throw refused(
      root,
      'holds nothing to deploy',
      'Is everything in it ignored by git? Name what must travel in include.',
    )
  const contents = new Map<string, Content>()
  const manifest = await mapLimited(found, AT_ONCE, async (one): Promise<ManifestEntry> => {
    checkName(one)
    if (one.entry.isSymbolicLink()) return { path: one.path, link: await linkInside(folder, one) }
    if (!one.entry.isFile()) throw refused(one.path, 'is neither a file nor a link, but a socket, a pipe or a device')
    return describe(one, contents, known)
  })
  await known.save()
  return { manifest: manifest.sort((a, b) => (a.path < b.path ? -1 : 1)), contents }
}

/** A path that is named and not there is a slip or a build that did not run: without it, the release would only lack something. */
async function checkIncluded(folder: string, { paths }: Include): Promise<void> {
  for (const { written, path } of paths) {
    if ((await lstat(join(folder, path)).catch(() => undefined)) !== undefined) continue
    throw new AxleError('AXLE_FILES', `include names '${written}', and there is no ${join(folder, path)}.`, {
      where: path,
      hint: 'Does the build make it? Add build to the service, or mend include.',
    })
  }
}

async function describe(one: Found, contents: Map<string, Content>, known: KnownHashes): Promise<ManifestEntry> {
  try {
    const { mode, sha256, size } = await hashUnlessKnown(one, known)
    contents.set(sha256, { path: one.absolute, size })
    return { path: one.path, mode: (mode & 0o100n) === 0n ? '644' : '755', sha256, size }
  } catch (cause) {
    throw unreadable(one.path, cause)
  }
}

async function hashUnlessKnown({ path, absolute }: Found, known: KnownHashes): Promise<Hashed & { mode: bigint }> {
  const since = BigInt(Date.now()) * 1_000_000n
  const stat = lstatSync(absolute, { bigint: true })
  const sha256 = known.find(path, stat)
  if (sha256 !== undefined) {
    await breathe()
    return { sha256, size: Number(stat.size), mode: stat.mode }
  }
  const hashed = await hashFile(absolute)
  known.note(path, stat, hashed.sha256, since)
  return { ...hashed, mode: stat.mode }
}

/** What a link says, if it stays within the release, by its text and by what is really there. */
async function linkInside(root: string, { path, absolute }: Found): Promise<string> {
  const target = await readlink(absolute)
  const named = resolve(dirname(absolute), target)
  const real = await realpath(absolute).catch(() => named)
  if (isAbsolute(target) || !isWithin(root, named) || !isWithin(root, real)) {
    throw refused(path, `is a link that leads out of the release, to ${target}`)
  }
  return target
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function checkName({ path }: Found): void {
  if (!releasePath.safeParse(path).success)
    throw refused(JSON.stringify(path), 'has a name that cannot be used on a host')
}

function refused(path: string, why: string, hint?: string): AxleError {
  return new AxleError('AXLE_FILES', `${path} ${why}.`, { where: path, ...(hint === undefined ? {} : { hint }) })
}
