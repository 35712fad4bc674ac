import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Include } from './include.ts'
import { gitRulesAbove, Rules } from './rules.ts'
import { unreadable } from './unreadable.ts'

export interface Found {
  /** Relative, "/" between parts. */
  readonly path: string
  readonly absolute: string
  readonly entry: Dirent
}

interface Place {
  readonly folder: string
  readonly path: string
  readonly git: Rules
  readonly axle: Rules
  /** Git ignores this folder: only what `include` names is taken from it. */
  readonly ignored: boolean
}

/** The config is evaluated on the client; in a release, each change of its comments would be a new one. */
const CONFIG = /^axle\.config\.[cm]?[jt]s$/

/** What build tools keep within node_modules: another one after each build, and a deploy of the same would be a new release. */
const CACHES: ReadonlySet<string> = new Set(['.cache', '.vite', '.vite-temp'])

/** Everything beneath `root` that is part of the release, folders left out. */
export async function walk(root: string, include: Include): Promise<readonly Found[]> {
  const { rules: git, ignored } = await gitRulesAbove(root)
  return visit({ folder: root, path: '', git, axle: Rules.none('.axleignore'), ignored }, include)
}

async function visit(place: Place, include: Include): Promise<readonly Found[]> {
  const git = place.ignored ? place.git : await place.git.within(place.folder)
  const axle = await place.axle.within(place.folder)
  const entries = await readdir(place.folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(place.path === '' ? place.folder : place.path, cause)
  })
  const found = await Promise.all(
    entries.map(async (entry): Promise<readonly Found[]> => {
      const { name } = entry
      const isFolder = entry.isDirectory()
      const path = place.path === '' ? name : `${place.path}/${name}`
      const absolute = join(place.folder, name)
      if (name === '.git' || name === '.axle' || axle.ignores(absolute, isFolder)) return []
      if (CACHES.has(name) && /(?:^|\/)node_modules$/.test(place.path)) return []
      const ignored =
        place.ignored ||
        name === 'node_modules' ||
        (place.path === '' && CONFIG.test(name)) ||
        git.ignores(absolute, isFolder)
      const taken = !ignored || include.has(path)
      if (!isFolder) return taken ? [{ path, absolute, entry }] : []
      if (!taken && !include.mayHold(path)) return []
      return visit({ folder: absolute, path, git, axle, ignored }, include)
    }),
  )
  return found.flat()
}
