import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { type BuildFailure, build, type Loader } from 'esbuild'

const LOADERS: Readonly<Record<string, Loader>> = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts' }

/**
 * Whether the file itself copes when the import fails (`try { require('x') } catch`). esbuild knows: such a failure is no
 * error to it. It is asked with a folder in which nothing resolves.
 */
export async function toleratesFailure(importer: string, specifier: string): Promise<boolean> {
  try {
    await build({
      stdin: {
        contents: await readFile(importer, 'utf8'),
        loader: LOADERS[extname(importer)] ?? 'js',
        resolveDir: '/nonexistent',
      },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      tsconfigRaw: '{}',
      logLevel: 'silent',
      logLimit: 0,
    })
    return true
  } catch (thrown) {
    if (!isBuildFailure(thrown)) throw thrown
    return !thrown.errors.some(({ text }) => text.includes(`"${specifier}"`))
  }
}

function isBuildFailure(thrown: unknown): thrown is BuildFailure {
  return thrown instanceof Error && 'errors' in thrown && Array.isArray(thrown.errors)
}
