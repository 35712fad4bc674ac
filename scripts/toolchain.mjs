// The way into this repository on any machine: npm run quickstart | test | build | testbed | check | fuzz | bench:….
//
// Plain JavaScript for Node 16 and later, and without dependencies: it runs before anything is installed. It makes sure
// of a Node and a pnpm that are new enough (through npm itself), installs and builds what has changed, and then
// runs the task with node_modules/.bin first in PATH, where the npm package "node" puts the Node we develop on.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')
const minimumNode = [22, 19]
const say = (line) => process.stderr.write(`axle: ${line}\n`)

class Stop extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

const tasks = {
  quickstart: { builds: true, run: (args) => run('node', ['scripts/quickstart.ts', ...args]) },
  test: { builds: true, run: (args) => run('vitest', ['run', ...args]) },
  build: { builds: true, run: async () => 0 },
  testbed: { builds: false, run: (args) => run('node', ['testbed/src/cli/main.ts', ...args]) },
  check: { builds: true, run: check },
  fuzz: { builds: false, run: (args) => run('node', ['scripts/fuzz.ts', ...args]) },
  'bench:deploy': { builds: true, run: (args) => run('node', ['scripts/bench/deploy.ts', ...args]) },
  'bench:growth': { builds: true, run: (args) => run('node', ['scripts/bench/growth.ts', ...args]) },
  'bench:viewers': { builds: true, run: (args) => run('node', ['scripts/bench/viewers.ts', ...args]) },
}

async function main([name, ...args]) {
  const task = tasks[name]
  if (task === undefined)
    throw new Stop(2, `usage: node scripts/toolchain.mjs ${Object.keys(tasks).join('|')} [arguments]`)
  install()
  if (task.builds) build()
  return task.run(args)
}

/** Installs when what decides about the dependencies has changed since the last time. */
function install() {
  const stamp = join(root, 'node_modules', '.axle-install')
  const wanted = hashOf(
    [...['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'], ...manifests()],
    [process.platform, process.arch],
  )
  if (readIf(stamp) === wanted && existsSync(join(bin, 'node'))) return
  say('installing dependencies with pnpm')
  // CI=true: pnpm asks nothing, also not whether an older node_modules may go.
  pnpm(
    ['install', '--frozen-lockfile'],
    'pnpm install failed; if a package.json is newer than pnpm-lock.yaml, run: pnpm install',
    {
      CI: 'true',
    },
  )
  writeFileSync(stamp, wanted)
}

/** Builds the packages when a source is not the one that the last build saw. */
function build() {
  const stamp = join(root, 'node_modules', '.axle-build')
  const wanted = hashOf(['pnpm-lock.yaml', 'tsconfig.base.json', ...sources('packages')])
  const complete = packagesWith((manifest) => manifest.scripts?.build !== undefined).every((folder) =>
    existsSync(join(root, folder, 'dist')),
  )
  if (complete && readIf(stamp) === wanted) return
  say('building the packages')
  rmSync(stamp, { force: true })
  pnpm(['--recursive', '--if-present', 'run', 'build'], 'the build failed, see above')
  writeFileSync(stamp, wanted)
}

/** Everything that is held against the sources but the tests. All of it runs, so that one look shows all there is to mend. */
async function check() {
  const published = packagesWith((manifest) => manifest.private !== true)
  const steps = [
    ['biome', 'biome', ['check', '--error-on-warnings']],
    ['eslint', 'eslint', ['.']],
    ['types', 'tsc', ['--noEmit', '--project', 'tsconfig.json']],
    ['knip', 'knip', []],
    ...published.flatMap((folder) => {
      const tarball = packed(folder)
      return [
        [`publint ${folder}`, 'publint', ['run', '--strict', tarball]],
        [`attw ${folder}`, 'attw', ['--profile', 'esm-only', tarball]],
      ]
    }),
  ]
  const failed = []
  for (const [name, command, args] of steps) {
    say(`check: ${name}`)
    if ((await run(command, args)) !== 0) failed.push(name)
  }
  say(failed.length === 0 ? 'check: all is well' : `check: failed: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

/** What a release would publish: pnpm writes other exports into it than those that the workspace runs on. */
function packed(folder) {
  const destination = join(root, 'node_modules', '.axle-pack', basename(folder))
  rmSync(destination, { recursive: true, force: true })
  mkdirSync(destination, { recursive: true })
  pnpm(['--dir', folder, 'pack', '--pack-destination', destination], `${folder} cannot be packed, see above`)
  return join(destination, readdirSync(destination)[0])
}

/**
 * Runs pnpm 12: this machine's when it has one, else from npm, with a Node that can run it. Once installed, the
 * npm package "pnpm" in node_modules/.bin is the one that is found.
 */
function pnpm(args, failure, env = {}) {
  const options = { cwd: root, env: { ...environment(), ...env }, stdio: ['ignore', process.stderr, process.stderr] }
  const [command, prefix] = hasPnpm() ? ['pnpm', []] : ['npx', ['-y', '-p', 'node@24', '-p', 'pnpm@12', 'pnpm']]
  if (command === 'npx')
    say(`no pnpm 12 here with a Node that can run it (this is Node ${process.versions.node}): npx brings both`)
  const { status, error } = spawnSync(command, [...prefix, ...args], options)
  if (error !== undefined) throw new Stop(1, `cannot run ${command}: ${error.message} (npm comes with Node)`)
  if (status !== 0) throw new Stop(1, failure)
}

function hasPnpm() {
  if (!isNewEnough() && !existsSync(join(bin, 'node'))) return false
  const { stdout } = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8', env: environment() })
  return /^12\./.test(stdout || '')
}

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > minimumNode[0] || (major === minimumNode[0] && minor >= minimumNode[1])
}

/** Resolves with the exit code. Signals go to the child, which then decides how both end. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: environment(), stdio: 'inherit' })
    // A terminal sends its Ctrl-C to the child as well; a supervisor's signal comes to us alone.
    process.on('SIGINT', () => {})
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.on('error', (error) => reject(new Stop(1, `cannot run ${command}: ${error.message}`)))
    child.on('exit', (code, signal) => resolve(code === null ? 128 + (signal === 'SIGINT' ? 2 : 15) : code))
  })
}

function environment() {
  return { ...process.env, PATH: [bin, process.env.PATH || ''].join(delimiter) }
}

function manifests() {
  const folders = ['packages', 'examples'].flatMap((parent) => foldersIn(parent))
  return [...folders, 'testbed']
    .map((folder) => join(folder, 'package.json'))
    .filter((file) => existsSync(join(root, file)))
}

function packagesWith(matches) {
  const folders = foldersIn('packages').filter((folder) => existsSync(join(root, folder, 'package.json')))
  return folders.filter((folder) => matches(JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))))
}

function foldersIn(parent) {
  if (!existsSync(join(root, parent))) return []
  const entries = readdirSync(join(root, parent), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name))
}

/** The files below a folder of which a build is made. */
function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['node_modules', 'dist', 'test', '.axle'].includes(entry.name) ? [] : sources(path)
    return entry.isFile() && !/\.(test|test-d)\.ts$|\.md$/.test(entry.name) ? [path] : []
  })
}

function hashOf(files, more = []) {
  const hash = createHash('sha256').update(more.join('\0'))
  for (const file of [...files].sort()) {
    hash.update(`\0${file}\0`)
    hash.update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function readIf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

try {
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Stop)) throw error
  say(error.message)
  process.exitCode = error.code
}
