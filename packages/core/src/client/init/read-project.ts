import semver from 'semver'
import { AxleError } from '../../protocol/errors.ts'
import { noPackage } from './elsewhere.ts'
import { type ExampleEnv, readExampleEnv } from './example-env.ts'
import { type Framework, frameworkOf } from './frameworks.ts'
import { type FoundHealth, findHealth } from './health.ts'
import { binFile, type PackageJson, readPackageJson } from './manifest.ts'
import { findPort, listens, usablePort } from './port.ts'
import { readSources, type Source } from './sources.ts'
import { type Start, type Understood, understandStart } from './start.ts'
import { whatTravels } from './travel.ts'
import type { Tree } from './tree.ts'
import { isWorkspaceRoot, serversOf } from './workspace.ts'

/** What a project says of itself. Everything here is a finding: what nobody wrote down is absent. */
export interface Found {
  readonly name: string | undefined
  readonly framework: string | undefined
  /** The build script's name. */
  readonly build: string | undefined
  readonly start: Start
  readonly node: string
  /** Absent: it looks like a worker. */
  readonly port: number | undefined
  readonly health: FoundHealth | undefined
  readonly include: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly example: ExampleEnv | undefined
  readonly notes: readonly string[]
}

export interface Place {
  readonly folder: string
  readonly member: boolean
  /** Asks what starts it, where the project doesn't say; throws where nobody can be asked. */
  startOtherwise(problem: AxleError): Promise<string>
}

export async function readProject(tree: Tree, place: Place): Promise<Found> {
  const manifest = await readPackageJson(tree)
  if (manifest === undefined) throw noPackage(tree, place.folder)
  await refuseRoot(tree, manifest, place.folder)
  const framework = await frameworkOf({ tree, manifest })
  if (framework?.problem !== undefined) throw new AxleError('AXLE_INIT', framework.problem)
  const sources = await readSources(tree)
  const example = await readExampleEnv(tree)
  const start = await startOf(tree, manifest, framework, place)
  const build = manifest.scripts.build === undefined ? undefined : 'build'
  const travel = await whatTravels({
    tree,
    manifest,
    framework,
    start: start.words,
    build: manifest.scripts.build,
    member: place.member,
  })
  const { port, notes } = portOf(sources, start, framework, example)
  const { PORT: _port, HOST: _host, ...scriptEnv } = start.env
  return {
    name: manifest.name,
    framework: framework?.name,
    build,
    start,
    node: await nodeVersion(tree, manifest),
    port,
    health: port === undefined ? undefined : findHealth(sources, framework?.filesAreRoutes === true),
    include: travel.include,
    env: { NODE_ENV: 'production', ...framework?.env, ...example?.plain, ...scriptEnv },
    example,
    notes: [...start.notes, ...notes, ...travel.notes, ...(framework?.notes ?? [])],
  }
}

/** The top of a workspace is no service, unless it is one: a start script of its own. */
async function refuseRoot(tree: Tree, manifest: PackageJson, folder: string): Promise<void> {
  if (!(await isWorkspaceRoot(tree)) || manifest.scripts.start !== undefined) return
  const servers = await serversOf(tree)
  const lines = servers.map((one) => `cd ${one.folder} && npx axle init    # ${one.name}: ${one.because}`)
  throw new AxleError('AXLE_INIT', `${folder} is the top of a workspace: a config stands beside one of its packages.`, {
    hint:
      lines.length === 0
        ? 'None of its packages looks like a server: run axle init in the folder of the one that is.'
        : `These look like servers:\n${lines.join('\n')}`,
  })
}

async function startOf(
  tree: Tree,
  manifest: PackageJson,
  framework: Framework | undefined,
  place: Place,
): Promise<Start> {
  const around = { scripts: manifest.scripts, bin: (command: string) => binFile(tree, manifest, command) }
  const problems: string[] = []
  const chosen =
    framework?.start !== undefined && framework.scripts === undefined ? [] : (framework?.scripts ?? ['start'])
  for (const name of chosen) {
    const script = manifest.scripts[name]
    if (script === undefined) continue
    const understood = await understandStart(script, around)
    // `nest start` builds and watches; with a row's own start it is only another word for that.
    if (isStart(understood) && !understood.words.some((word) => word.includes('@nestjs/cli'))) return understood
    if (!isStart(understood)) problems.push(`"${name}": "${script}": ${understood.problem}`)
  }
  if (framework?.start !== undefined) return { words: framework.start.split(' '), env: {}, notes: [] }
  const file = problems.length > 0 ? undefined : entryFile(tree, manifest)
  if (file !== undefined) return { words: ['node', file], env: {}, notes: [] }
  const answer = await place.startOtherwise(
    new AxleError(
      'AXLE_INIT',
      problems.length === 0
        ? 'package.json does not say how the server starts: it has no start script, and no main that is there.'
        : `The start script is nothing that a host can run: ${problems.join('; ')}.`,
      {
        where: 'package.json',
        hint: 'Give package.json a script "start" that is one command, such as "node dist/server.js", and run axle init again.',
      },
    ),
  )
  const understood = await understandStart(answer, around)
  if (isStart(understood)) return understood
  throw new AxleError('AXLE_INIT', `"${answer}" is nothing that a host can run: ${understood.problem}.`)
}

function isStart(understood: Understood): understood is Start {
  return !('problem' in understood)
}

function entryFile(tree: Tree, { main, scripts }: PackageJson): string | undefined {
  const named = main?.replace(/^\.\//, '')
  if (named !== undefined && (tree.paths.includes(named) || (scripts.build !== undefined && named.includes('/'))))
    return named
  const usual = ['server', 'index', 'app', 'main', 'src/server', 'src/index', 'src/app', 'src/main']
  return usual
    .flatMap((name) => ['js', 'mjs', 'cjs'].map((ending) => `${name}.${ending}`))
    .find((path) => tree.paths.includes(path))
}

function portOf(
  sources: readonly Source[],
  start: Start,
  framework: Framework | undefined,
  example: ExampleEnv | undefined,
): { readonly port: number | undefined; readonly notes: readonly string[] } {
  const found = findPort(sources)
  const told = start.words.includes('$PORT') || framework?.start !== undefined
  if (framework === undefined && !listens(sources) && !found.fromEnvironment && found.port === undefined && !told) {
    return {
      port: undefined,
      notes: [
        'Nothing in it listens on a port, so it becomes a worker. If it is a server, add port, route and health.',
      ],
    }
  }
  const fixed =
    found.fixed === undefined || told
      ? []
      : [
          `${found.fixed.place} listens on ${found.fixed.port} whatever the environment says. Each slot has its own port: write Number(process.env.PORT ?? ${found.fixed.port}).`,
        ]
  const wanted = Number(start.env.PORT ?? Number.NaN)
  const candidates = [wanted, found.port, example?.port, framework?.port, 3000]
  const port = candidates.find((one) => one !== undefined && usablePort(one)) ?? 3000
  return { port, notes: fixed }
}

/** The version of Node that the project itself asks for; else the newest that Axle is developed on. */
async function nodeVersion(tree: Tree, { engines }: PackageJson): Promise<string> {
  for (const path of ['.nvmrc', '.node-version']) {
    const text = (await tree.read(path))?.trim().replace(/^v/, '')
    if (text !== undefined && semver.validRange(text) !== null && text !== '') return text
  }
  const range = engines.node
  if (range === undefined || semver.validRange(range) === null || semver.intersects('24.x', range)) return '24'
  return range
}
