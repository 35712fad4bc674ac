import * as z from 'zod'
import { AxleError } from '../../protocol/errors.ts'
import type { Tree } from './tree.ts'

const names = z.record(z.string(), z.string()).catch({})

/** What of a package.json matters here. What is odd in it counts as absent: npm is the judge of that, not we. */
const manifest = z.object({
  name: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .catch(undefined),
  scripts: names.default({}),
  dependencies: names.default({}),
  optionalDependencies: names.default({}),
  devDependencies: names.default({}),
  engines: z.object({ node: z.string().optional() }).catch({}).default({}),
  workspaces: z.unknown().optional(),
})
export type PackageJson = z.output<typeof manifest>

export async function readPackageJson(tree: Tree, path = 'package.json'): Promise<PackageJson | undefined> {
  const text = await tree.read(path)
  if (text === undefined) return undefined
  try {
    return manifest.parse(JSON.parse(text))
  } catch (cause) {
    throw new AxleError('AXLE_INIT', `${path} is not JSON that can be read.`, {
      where: path,
      hint: 'Mend it: npm says where, too (npm pkg get name).',
      cause,
    })
  }
}

/** What the service itself needs to run. */
export function runtimeDependencies({ dependencies, optionalDependencies }: PackageJson): readonly string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies })
}

export function depends({ dependencies, optionalDependencies, devDependencies }: PackageJson, name: string): boolean {
  return [dependencies, optionalDependencies, devDependencies].some((table) => Object.hasOwn(table, name))
}

/** The file that a command of an installed package runs: `next` → `node_modules/next/dist/bin/next`. */
export async function binFile(tree: Tree, own: PackageJson, command: string): Promise<string | undefined> {
  const packages = Object.keys({ ...own.devDependencies, ...own.optionalDependencies, ...own.dependencies })
  for (const name of packages) {
    const installed = await readPackageJson(tree, `node_modules/${name}/package.json`).catch(() => undefined)
    const bin = installed?.bin
    const file =
      typeof bin === 'string' ? (name.replace(/^@[^/]*\//, '') === command ? bin : undefined) : bin?.[command]
    if (file !== undefined) return `node_modules/${name}/${file.replace(/^\.\//, '')}`
  }
  return undefined
}
