import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** All that reading a project needs of a disk. */
export interface Tree {
  /** Files of the project, "/" between parts, sorted: no node_modules, no build output, nothing of git. */
  readonly paths: readonly string[]
  /** Any file by its relative path, those of node_modules too; `undefined` where there is none. */
  read(path: string): Promise<string | undefined>
}

const SKIPPED: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  'target',
  'vendor',
  'venv',
  '__pycache__',
])
/** Enough to know a project by; a folder with more is no project, but somebody's home. */
const MOST = 5_000
const LARGEST = 512 * 1024

export async function diskTree(folder: string): Promise<Tree> {
  const paths: string[] = []
  const waiting = ['']
  for (let at = waiting.shift(); at !== undefined && paths.length < MOST; at = waiting.shift()) {
    for (const entry of await entriesOf(join(folder, at), at === '')) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isFile()) paths.push(path)
      else if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.')) waiting.push(path)
    }
  }
  return { paths: paths.sort(), read: (path) => readSmall(join(folder, path)) }
}

/** A folder that cannot be read holds nothing that could be told; the project's own must be readable. */
function entriesOf(folder: string, own: boolean): Promise<Dirent[]> {
  const entries = readdir(folder, { withFileTypes: true })
  return own ? entries : entries.catch(() => [])
}

async function readSmall(file: string): Promise<string | undefined> {
  try {
    return (await stat(file)).size > LARGEST ? undefined : await readFile(file, 'utf8')
  } catch {
    return undefined
  }
}

/** The same of a record, for tests. */
export function memoryTree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files)
    .filter((path) => !path.split('/').some((part) => SKIPPED.has(part)))
    .sort()
  return { paths, read: async (path) => files[path] }
}
