import { resolve as resolvePath } from 'node:path'
import type * as z from 'zod'
import { codeOf } from '../../define/behaviour.ts'
import type { Plugin } from '../../define/plugin.ts'
import { node, type Runtime } from '../../define/runtime.ts'
import { type Service, serviceFields, serviceInput } from '../../define/service.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { ResolvedService } from '../../protocol/service.ts'
import { resolveEnv } from './env.ts'
import { resolveExtensions } from './extensions.ts'
import { resolveHooks } from './hooks.ts'
import type { Issues, Path } from './issues.ts'
import { splitWords, type Words } from './words.ts'

/** Fixes a version range of Node. */
export type Fix = (range: string) => Promise<string>

/** What of a service stays on this machine. */
export interface ServiceSource {
  /** Absolute. */
  readonly root: string
  readonly include: readonly string[]
  readonly build: Words | undefined
  /** With its version fixed. */
  readonly runtime: Runtime
}

export interface ServiceContext {
  readonly index: number
  readonly folder: string
  readonly plugins: readonly Plugin[]
  readonly fix: Fix
  readonly issues: Issues
}

type Fields = z.output<typeof serviceInput>

/** One service; `undefined` where mistakes (all in `issues`) leave nothing to go on with. */
export async function resolveService(
  service: Service,
  context: ServiceContext,
): Promise<{ readonly resolved: ResolvedService; readonly source: ServiceSource } | undefined> {
  const { issues, folder } = context
  const path: Path = ['services', context.index]
  const written: Readonly<Record<string, unknown>> = { ...codeOf(service) }
  // Hooks and plugins' keys are checked by name below; here they would only say less.
  const { hooks: _, ...fields } = written
  const parsed = serviceInput.safeParse(fields)
  if (!parsed.success) issues.addZod(path, parsed.error, [], fields)
  const extensions = resolveExtensions(written, Object.keys(serviceFields), context.plugins, path, issues)
  const hooks = resolveHooks(written.hooks, path, issues)
  if (!parsed.success) return undefined

  const given = parsed.data
  const start = commandWords(given.start, [...path, 'start'], issues)
  const build = given.build === undefined ? undefined : commandWords(given.build, [...path, 'build'], issues)
  const runtime = await fixRuntime(given.runtime ?? node(), context.fix, [...path, 'runtime'], issues)
  checkWorker(given, path, issues)
  const env = resolveEnv(given.env, path, issues)
  if (start === undefined || runtime === undefined) return undefined

  return {
    resolved: {
      name: given.name,
      runtime: { kind: runtime.kind, options: runtime.options },
      start: [...start],
      ...(given.port === undefined
        ? {}
        : { port: given.port, health: given.health ?? serviceFields.health.unwrap().parse({}) }),
      ...(given.route === undefined ? {} : { route: given.route }),
      overlap: given.overlap ?? given.port !== undefined,
      after: given.after,
      env,
      drain: given.drain,
      keep: given.keep,
      extensions,
      hooks,
    },
    source: { root: resolvePath(folder, given.root), include: given.include, build, runtime },
  }
}

function commandWords(command: string | readonly string[], path: Path, issues: Issues): Words | undefined {
  if (typeof command !== 'string') {
    const [first, ...rest] = command
    return first === undefined ? undefined : [first, ...rest]
  }
  const split = splitWords(command)
  if ('words' in split) return split.words
  issues.add(path, split.problem)
  return undefined
}

async function fixRuntime(runtime: Runtime, fix: Fix, path: Path, issues: Issues): Promise<Runtime | undefined> {
  try {
    return await codeOf(runtime).resolve({ node: fix })
  } catch (thrown) {
    // What is wrong with the registry or npm is no mistake of the config.
    if (!(thrown instanceof AxleError) || thrown.code !== 'AXLE_CONFIG_INVALID') throw thrown
    issues.add(path, thrown.message)
    return undefined
  }
}

function checkWorker(given: Fields, path: Path, issues: Issues): void {
  if (given.port !== undefined) return
  if (given.route !== undefined)
    issues.add([...path, 'route'], 'a route needs a port that the service listens on: add port')
  if (given.health !== undefined) issues.add([...path, 'health'], "health is asked for on the service's port: add port")
}
