import { dirname, join } from 'node:path'
import semver from 'semver'
import { codeOf } from '../define/behaviour.ts'
import { AxleError } from '../protocol/errors.ts'
import type { Actor } from '../protocol/events.ts'
import type { Manifest } from '../protocol/release.ts'
import { whoAsks } from './actor.ts'
import { type BuildLine, runBuild } from './build.ts'
import { bundleEngine } from './bundle/bundle.ts'
import { cachedBundle } from './bundle/cached.ts'
import type { Bundle } from './bundle/made.ts'
import { cacheFolder } from './cache/folder.ts'
import { findConfig } from './config/find.ts'
import { loadConfig } from './config/load.ts'
import { nearestPackageName } from './config/project.ts'
import { type Resolved, resolveConfig } from './config/resolve.ts'
import { type Content, collect } from './files/collect.ts'
import { KnownHashes } from './files/known-hashes.ts'
import { checkImports } from './imports/check.ts'
import { fixNodeVersion } from './node/version.ts'
import { coreVersion } from './version.ts'

export interface PrepareOptions {
  readonly cwd: string
  readonly configPath?: string
  /** Only these; all without it. */
  readonly services?: readonly string[]
  /** Run builds first. */
  readonly build: boolean
  /** false: for a question to the host, which needs no files. */
  readonly files?: boolean
  /** The config has been read: what comes next, a build perhaps, may take long. */
  readonly onResolved?: (resolved: Resolved) => void
  readonly onBuildLine?: (line: BuildLine) => void
}

/** All that a session needs of this machine. */
export interface Prepared {
  readonly file: string
  readonly folder: string
  readonly resolved: Resolved
  readonly bundle: Bundle
  readonly actor: Actor
  /** Versions of Node that the host must have; the engine runs on the first. */
  readonly nodes: readonly string[]
  readonly manifests: Readonly<Record<string, Manifest>>
  readonly contents: ReadonlyMap<string, Content>
}

const ENGINE_NODE = '>=22.19'

/** Loads, resolves, builds, collects, checks and bundles: everything before the host is asked. */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const file = await findConfig(options.cwd, options.configPath)
  const folder = dirname(file)
  const fix = (range: string) => fixNodeVersion(range, { cwd: folder })
  const loaded = await loadConfig(file)
  const resolved = await resolveConfig(loaded, {
    version: coreVersion(),
    packageName: await nearestPackageName(folder),
    fix,
  })
  options.onResolved?.(resolved)
  const chosen = choose(resolved, options.services)
  const [bundle, actor, nodes, { manifests, contents }] = await Promise.all([
    cachedBundle(loaded, () => bundleEngine(loaded)),
    whoAsks(folder),
    nodesFor(resolved, fix),
    options.files === false
      ? { manifests: {}, contents: new Map<string, Content>() }
      : gather(resolved, chosen, options),
  ])
  return { file, folder, resolved, bundle, actor, nodes, manifests, contents }
}

function choose({ config }: Resolved, services: readonly string[] | undefined): readonly string[] {
  const names = config.services.map(({ name }) => name)
  const unknown = services?.filter((name) => !names.includes(name)) ?? []
  if (unknown.length === 0) return services ?? names
  throw new AxleError('AXLE_UNKNOWN', `There is no service ${unknown.join(', ')} in the config.`, {
    hint: `There are: ${names.join(', ')}`,
  })
}

/** The engine runs on a Node that a service needs anyway, if one is new enough. */
async function nodesFor({ sources }: Resolved, fix: (range: string) => Promise<string>): Promise<readonly string[]> {
  const needed = [...sources.values()].flatMap(({ runtime }) => codeOf(runtime).needs().node ?? [])
  const engine = semver.maxSatisfying(needed, ENGINE_NODE) ?? (await fix('24'))
  return [...new Set([engine, ...needed])]
}

async function gather({ sources, config }: Resolved, chosen: readonly string[], options: PrepareOptions) {
  const manifests: Record<string, Manifest> = {}
  const contents = new Map<string, Content>()
  for (const { name, start } of config.services) {
    const source = sources.get(name)
    if (source === undefined || !chosen.includes(name)) continue
    if (options.build && source.build !== undefined)
      await runBuild(name, source.root, source.build, options.onBuildLine)
    const known = await KnownHashes.open(source.root, join(cacheFolder(), 'files'))
    const collected = await collect(source.root, source.include, known)
    const entry = codeOf(source.runtime).entry(start)
    if (entry !== undefined)
      await checkImports({ service: name, root: source.root, manifest: collected.manifest, entry })
    manifests[name] = collected.manifest
    for (const [sha256, content] of collected.contents) contents.set(sha256, content)
  }
  return { manifests, contents }
}
