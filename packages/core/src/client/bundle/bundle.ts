import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { loadError } from '../config/load.ts'
import { entryOf } from './entry.ts'
import { type Sources, sourcesOf } from './inputs.ts'
import { type Bundle, bundleOf } from './made.ts'

export interface BundleSource {
  /** Absolute path of the config. */
  readonly file: string
  readonly form: 'config' | 'service'
}

/** A bundle, and all that it was made of. */
export interface Made {
  readonly bundle: Bundle
  readonly sources: Sources
}

/** When this file is run from its sources, everything else of core must come from the sources too. */
const FROM_SOURCE = import.meta.url.endsWith('.ts')

function hostEntry(): string {
  if (FROM_SOURCE) return fileURLToPath(new URL('../../host/index.ts', import.meta.url))
  return createRequire(import.meta.url).resolve('@axle-ia/core/host')
}

function coreEntry(): string {
  if (FROM_SOURCE) return fileURLToPath(new URL('../../index.ts', import.meta.url))
  return createRequire(import.meta.url).resolve('@axle-ia/core')
}

/** Engine, plugins and the functions of the config in one CommonJS file. The same sources give the same bytes, wherever they lie. */
export async function bundleEngine(config: BundleSource, options: { readonly host?: string } = {}): Promise<Made> {
  const folder = dirname(config.file)
  try {
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: entryOf({ ...config, host: options.host ?? hostEntry(), core: coreEntry() }),
        resolveDir: folder,
        sourcefile: 'axle-entry.js',
        loader: 'js',
      },
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      format: 'cjs',
      platform: 'node',
      target: 'node22',
      conditions: FROM_SOURCE ? ['axle-source'] : [],
      mainFields: ['module', 'main'],
      // White space goes, and with it the comments that hold this machine's paths.
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: 'none',
      charset: 'utf8',
      define: { 'import.meta.url': '__axleModuleUrl' },
      banner: { js: 'const __axleModuleUrl=require("node:url").pathToFileURL(__filename).href;' },
      logLevel: 'silent',
    })
    return {
      bundle: bundleOf(outputFiles[0]?.contents ?? new Uint8Array()),
      sources: sourcesOf(metafile, (input) => resolve(folder, input)),
    }
  } catch (thrown) {
    throw loadError(config.file, thrown)
  }
}
