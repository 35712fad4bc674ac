import { Console } from 'node:console'
import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildFailure, build } from 'esbuild'
import { codeOf } from '../../define/behaviour.ts'
import { type ConfigInput, isConfig, isService } from '../../define/config.ts'
import { isErrno } from '../../engine/host/errno.ts'
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
  const { exported } = await evaluate(file, await transpile(file))
  if (isConfig(exported)) return { file, input: codeOf(exported), form: 'config' }
  if (isService(exported)) {
    const plugins = await recommendedPlugins(dirname(file))
    return { file, form: 'service', input: { project: codeOf(exported).name, services: [exported], plugins } }
  }
  throw new AxleError('AXLE_CONFIG_INVALID', `${file} has no default export that is a config: ${whatIs(exported)}.`, {
    hint: 'End it with: export default defineConfig({ … })',
    where: file,
  })
}

function whatIs(exported: unknown): string {
  if (exported === undefined) return 'there is none'
  if (exported instanceof Promise) return 'it is a promise, and a config must be known without waiting'
  if (typeof exported === 'function') return 'it is a function, and nobody calls it'
  if (Array.isArray(exported)) return 'it is a list'
  return typeof exported === 'object' && exported !== null
    ? 'it is an object that neither defineConfig() nor defineService() made'
    : `it is a ${typeof exported}`
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

async function evaluate(file: string, code: string): Promise<{ readonly exported: unknown }> {
  // Beneath node_modules of the config's folder, so that packages resolve as they do for the config itself.
  const folder = join(dirname(file), 'node_modules', '.axle')
  const temporary = join(folder, `config-${process.pid}-${randomBytes(4).toString('hex')}.mjs`)
  process.setSourceMapsEnabled(true)
  // Standard output is the answer's, and with --json a program reads it: what a config prints goes beside it.
  const own = globalThis.console
  globalThis.console = new Console(process.stderr, process.stderr)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(temporary, code)
    const loaded: unknown = await import(pathToFileURL(temporary).href)
    // In an object: returned bare, a promise would be waited for here, and not on the host.
    return {
      exported: typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined,
    }
  } catch (thrown) {
    if (thrown instanceof AxleError) throw thrown
    const hint = installHint(thrown)
    throw new AxleError('AXLE_CONFIG_LOAD', `${placeOf(thrown, file)}: ${describe(thrown)}`, {
      cause: thrown,
      where: file,
      ...(hint === undefined ? {} : { hint }),
    })
  } finally {
    globalThis.console = own
    await rm(temporary, { force: true })
  }
}

/** For a package that is not there, and not for a file that is not. */
function installHint(thrown: unknown): string | undefined {
  if (!isErrno(thrown, 'ERR_MODULE_NOT_FOUND')) return undefined
  const name = /Cannot find package '([^']+)'/.exec(describe(thrown))?.[1]
  return name === undefined || name.startsWith('/') ? undefined : `Install it: npm install --save-dev ${name}`
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
