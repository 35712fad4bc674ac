import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildFailure, build } from 'esbuild'
import { codeOf } from '../../define/behaviour.ts'
import { type ConfigInput, isConfig, isService } from '../../define/config.ts'
import { AxleError } from '../../protocol/errors.ts'
import { messagesOf, placeOf } from './place.ts'
import { recommendedPlugins } from './recommended.ts'

export interface LoadedConfig {
  /** Absolute path of the config. */
  readonly file: string
  readonly input: ConfigInput
  /** `service`: the default export is one defineService(), with the recommended plugins around it. */
  readonly form: 'config' | 'service'
}

/** Evaluates the config on this machine. What it reads from here (environment, files) is fixed by that. */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const exported = await evaluate(file, await transpile(file))
  if (isConfig(exported)) return { file, input: codeOf(exported), form: 'config' }
  if (isService(exported)) {
    const plugins = await recommendedPlugins(dirname(file))
    return { file, form: 'service', input: { project: codeOf(exported).name, services: [exported], plugins } }
  }
  throw new AxleError('AXLE_CONFIG_INVALID', `${file} has no default export that is a config.`, {
    hint: 'End it with: export default defineConfig({ … })',
    where: file,
  })
}

async function transpile(file: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      absWorkingDir: dirname(file),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      packages: 'external',
      sourcemap: 'inline',
      sourceRoot: pathToFileURL(`${dirname(file)}/`).href,
      logLevel: 'silent',
      // The text is run from another folder: what a config says of its own place must stay true.
      define: {
        'import.meta.url': JSON.stringify(pathToFileURL(file).href),
        'import.meta.dirname': JSON.stringify(dirname(file)),
        'import.meta.filename': JSON.stringify(file),
      },
    })
    return outputFiles[0]?.text ?? ''
  } catch (thrown) {
    throw loadError(file, thrown)
  }
}

async function evaluate(file: string, code: string): Promise<unknown> {
  // Beneath node_modules of the config's folder, so that packages resolve as they do for the config itself.
  const folder = join(dirname(file), 'node_modules', '.axle')
  const temporary = join(folder, `config-${process.pid}-${randomBytes(4).toString('hex')}.mjs`)
  process.setSourceMapsEnabled(true)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(temporary, code)
    const loaded: unknown = await import(pathToFileURL(temporary).href)
    return typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined
  } catch (thrown) {
    if (thrown instanceof AxleError) throw thrown
    throw new AxleError('AXLE_CONFIG_LOAD', `${placeOf(thrown, file)}: ${describe(thrown)}`, {
      cause: thrown,
      where: file,
    })
  } finally {
    await rm(temporary, { force: true })
  }
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  // The temporary file's name means nothing to anyone.
  return thrown.message.replace(/ imported from .*$/s, '')
}

function isBuildFailure(thrown: unknown): thrown is BuildFailure {
  return thrown instanceof Error && 'errors' in thrown && Array.isArray(thrown.errors)
}

export function loadError(file: string, thrown: unknown): AxleError {
  const message = isBuildFailure(thrown) ? messagesOf(thrown.errors, dirname(file)) : describe(thrown)
  return new AxleError('AXLE_CONFIG_LOAD', message === '' ? String(thrown) : message, { cause: thrown, where: file })
}
