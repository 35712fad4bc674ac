import type { Manifest } from './release.ts'

/** Links that the kernel follows in one path, as path_resolution(7) says. What goes on longer leads nowhere. */
const MOST_LINKS = 40

export interface Unsound {
  readonly index: number
  readonly why: string
}

/** Where a manifest is no tree that can be laid out, or a link of it leads out. */
export function unsound(manifest: Manifest): Unsound | undefined {
  const links = new Map(manifest.flatMap((entry) => ('link' in entry ? [[entry.path, entry.link] as const] : [])))
  const paths = new Set<string>()
  const folders = new Set<string>()
  const sizes = new Map<string, number>()
  for (const [index, entry] of manifest.entries()) {
    if (paths.has(entry.path)) return { index, why: 'is there twice' }
    paths.add(entry.path)
    for (const folder of foldersAbove(entry.path)) folders.add(folder)
    if ('link' in entry) {
      if (!leadsInside(entry.path, entry.link, links)) return { index, why: 'is a link that leads out of the release' }
    } else if ((sizes.get(entry.sha256) ?? entry.size) !== entry.size) {
      return { index, why: 'has a content that is announced with two sizes' }
    } else {
      sizes.set(entry.sha256, entry.size)
    }
  }
  const index = manifest.findIndex(({ path }) => folders.has(path))
  return index < 0 ? undefined : { index, why: 'is a folder as well' }
}

function* foldersAbove(path: string): Generator<string> {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) yield path.slice(0, at)
}

/** As the kernel would walk it, through other links of the manifest: `d/..` is not where the text says when d is a link. */
function leadsInside(path: string, target: string, links: ReadonlyMap<string, string>): boolean {
  const way = path.split('/').slice(0, -1)
  const rest = steps(target)
  let followed = 0
  if (!isRelative(target)) return false
  for (let step = rest.pop(); step !== undefined; step = rest.pop()) {
    if (step === '' || step === '.') continue
    if (step === '..') {
      if (way.pop() === undefined) return false
      continue
    }
    const link = links.get([...way, step].join('/'))
    if (link === undefined) {
      way.push(step)
      continue
    }
    followed += 1
    if (followed > MOST_LINKS) return true
    if (!isRelative(link)) return false
    rest.push(...steps(link))
  }
  return true
}

const isRelative = (target: string): boolean => !target.startsWith('/') && !target.includes('\0')
/** Last first. */
const steps = (target: string): string[] => target.split('/').reverse()
