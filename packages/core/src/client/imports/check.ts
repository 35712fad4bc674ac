import { realpath } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, extname, join, normalize, relative, sep } from 'node:path'
import { build, type ImportKind, type Plugin } from 'esbuild'
import { AxleError } from '../../protocol/errors.ts'
import type { Manifest } from '../../protocol/release.ts'
import { toleratesFailure } from './tolerated.ts'

const MODULE = /^\.(?:[cm]?js|[cm]?ts)$/
const BARE = /^[^./]/
const WITHIN_PACKAGE = /[\\/]node_modules[\\/]/

interface Missing {
  readonly specifier: string
  readonly importer: string
  readonly kind: ImportKind
  /** It is on this machine, outside the release. */
  readonly here: boolean
}

export interface ImportCheck {
  readonly service: string
  /** Absolute folder that the manifest was made from. */
  readonly root: string
  readonly manifest: Manifest
  /** As `start` names it. */
  readonly entry: string
}

/** Walks the imports from the start file, and refuses what resolves on this machine only. */
export async function checkImports({ service, root, manifest, entry }: ImportCheck): Promise<void> {
  const folder = await realpath(root)
  const paths = new Set(manifest.map(({ path }) => path))
  const file = findEntry(entry, paths)
  if (file === undefined) {
    throw new AxleError('AXLE_FILES', `${service}: start names ${entry}, which is not in the release.`, {
      where: entry,
      hint: `Does the build make it? If git ignores it, name it in include, such as include: ['${entry.replace(/^\.\//, '').split('/')[0]}'].`,
    })
  }
  if (!MODULE.test(extname(file))) return
  for (const missing of await missingFrom(join(folder, file), folder, paths)) {
    if (missing.kind !== 'import-statement' && (await toleratesFailure(missing.importer, missing.specifier))) continue
    // A package asks at run time for another that is optional (NestJS for @nestjs/websockets): where it is not on this
    // machine either, the host is no worse off.
    if (missing.kind !== 'import-statement' && !missing.here && WITHIN_PACKAGE.test(missing.importer)) continue
    const importer = relative(folder, missing.importer)
    throw new AxleError(
      'AXLE_IMPORT_MISSING',
      `${service}: ${importer} imports "${missing.specifier}", which is not in the release.`,
      {
        where: importer,
        ...(BARE.test(missing.specifier) ? {} : { hint: 'Add the file to include, or bundle it in the build.' }),
      },
    )
  }
}

function findEntry(entry: string, paths: ReadonlySet<string>): string | undefined {
  const path = normalize(entry).split(sep).join('/')
  return [path, `${path}.js`, `${path}.cjs`, `${path}/index.js`].find((candidate) => paths.has(candidate))
}

async function missingFrom(entry: string, folder: string, paths: ReadonlySet<string>): Promise<readonly Missing[]> {
  const found: Missing[] = []
  const check: Plugin = {
    name: 'axle-imports',
    setup: ({ onResolve, onLoad, resolve }) => {
      onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind === 'entry-point' || pluginData === check) return undefined
        // A URL (data:, https:) is no file that could travel.
        if (isBuiltin(path) || /^[a-z][a-z+.-]+:/i.test(path)) return { path, external: true }
        const result = await resolve(path, { kind, importer, resolveDir, pluginData: check })
        const inside = relative(folder, result.path).split(sep).join('/')
        if (result.errors.length === 0 && paths.has(inside)) return { path: result.path }
        found.push({ specifier: path, importer, kind, here: result.errors.length === 0 })
        return { path, external: true }
      })
      // Addons, data and the like import nothing.
      onLoad({ filter: /.*/ }, ({ path }) => (MODULE.test(extname(path)) ? undefined : { contents: '', loader: 'js' }))
    },
  }
  await build({
    entryPoints: [entry],
    absWorkingDir: dirname(entry),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    tsconfigRaw: '{}',
    plugins: [check],
    logLevel: 'silent',
  }).catch(() => {
    // A mistake in the syntax is for the health check to show: only imports are judged here.
  })
  return found
}
