import { dirname } from 'node:path'
import { FRAMEWORKS } from './frameworks.ts'
import { depends, type PackageJson, readPackageJson } from './manifest.ts'
import type { Tree } from './tree.ts'

export interface Member {
  /** Folder, relative to the workspace's. */
  readonly folder: string
  readonly name: string
  /** Why it looks like a server. */
  readonly because: string
}

/** Whether a folder is the top of several packages. */
export async function isWorkspaceRoot(tree: Tree): Promise<boolean> {
  // pnpm's file also holds settings alone, without packages.
  if (/^packages:/m.test((await tree.read('pnpm-workspace.yaml')) ?? '')) return true
  return (await readPackageJson(tree))?.workspaces !== undefined
}

/** Folders above that have a package.json or a pnpm-workspace.yaml: `read` is of absolute paths. */
export async function isWorkspaceMember(
  folder: string,
  treeOf: (folder: string) => Pick<Tree, 'read'>,
): Promise<boolean> {
  for (let at = dirname(folder); dirname(at) !== at; at = dirname(at)) {
    if (await isWorkspaceRoot({ paths: [], ...treeOf(at) }).catch(() => false)) return true
  }
  return false
}

/** The packages of a workspace that look like servers. */
export async function serversOf(tree: Tree): Promise<readonly Member[]> {
  const found: Member[] = []
  for (const path of tree.paths.filter((one) => one.endsWith('/package.json'))) {
    const manifest = await readPackageJson(tree, path).catch(() => undefined)
    const because = manifest === undefined ? undefined : reason(manifest)
    if (because === undefined) continue
    const folder = dirname(path)
    found.push({ folder, name: manifest?.name ?? folder, because })
  }
  return found
}

function reason(manifest: PackageJson): string | undefined {
  const framework = FRAMEWORKS.find((row) => row.packages.some((name) => depends(manifest, name)))
  if (framework !== undefined) return framework.name
  return manifest.scripts.start === undefined ? undefined : `start: ${manifest.scripts.start}`
}
