import ignore from 'ignore'
import type { Framework } from './frameworks.ts'
import { type PackageJson, runtimeDependencies } from './manifest.ts'
import type { Tree } from './tree.ts'

export interface Travel {
  readonly include: readonly string[]
  readonly notes: readonly string[]
}

interface Question {
  readonly tree: Tree
  readonly manifest: PackageJson
  readonly framework: Framework | undefined
  readonly start: readonly string[]
  readonly build: string | undefined
  /** A member of a workspace: what it imports is installed outside its folder. */
  readonly member: boolean
}

/** Packages whose code is of one platform, or has to be compiled for it. */
const NATIVE =
  /^(?:sharp|bcrypt|better-sqlite3|sqlite3|canvas|argon2|@node-rs\/.+|@napi-rs\/.+|@prisma\/client|prisma|node-sass|re2|libpq|grpc|usb|serialport|robotjs|onnxruntime-node|@swc\/core|lightningcss)$/

/** What must be named because git ignores it: the build's output, and what the program imports. */
export async function whatTravels(question: Question): Promise<Travel> {
  const { manifest, member, tree } = question
  const output = await outputOf(question)
  const notes: string[] = []
  if (!(await needsModules(question))) return { include: output, notes: await carefulWith(tree) }
  if (member) {
    notes.push(
      'The packages that it imports are installed outside this folder, as in every workspace, and cannot travel from there: bundle them in the build (tsup: noExternal: [/.*/]; esbuild: --bundle). A deploy names each import that is missing.',
    )
    return { include: output, notes: [...notes, ...(await carefulWith(tree))] }
  }
  if ((await tree.read('.pnp.cjs')) !== undefined) {
    notes.push(
      'Yarn keeps packages in archives here, which Node alone cannot read: set nodeLinker: node-modules in .yarnrc.yml.',
    )
  }
  const native = runtimeDependencies(manifest).filter((name) => NATIVE.test(name))
  if (native.length > 0) {
    notes.push(
      `${native.join(', ')} ${native.length === 1 ? 'has' : 'have'} parts made for one platform: deploy from Linux with the processor of the host, or what travels does not fit there.`,
    )
  }
  return { include: [...output, 'node_modules'], notes: [...notes, ...(await carefulWith(tree))] }
}

async function outputOf({ tree, framework, start, build }: Question): Promise<readonly string[]> {
  if (framework?.output !== undefined) return framework.output
  const entry = start.slice(1).find((word) => !word.startsWith('-')) ?? ''
  if (build === undefined || entry.startsWith('node_modules/') || tree.paths.includes(entry)) return []
  const [top = ''] = entry.split('/')
  return top === '' ? [] : [top]
}

async function needsModules({ tree, manifest, framework, start, build }: Question): Promise<boolean> {
  if (start.some((word) => word.startsWith('node_modules/') || /^--(?:import|require|loader)=[^.]/.test(word)))
    return true
  if (framework?.carriesModules === true) return false
  // With no package to run on, those for development can only have been bundled; if not, the deploy names the import.
  if (runtimeDependencies(manifest).length === 0) return false
  return !(await bundles(tree, build ?? ''))
}

/** Whether the build puts what is imported into its output. Only where that is certain: a package too many does no harm. */
async function bundles(tree: Tree, build: string): Promise<boolean> {
  if (/\bncc build\b/.test(build)) return true
  if (/\besbuild\b/.test(build)) return /--bundle/.test(build) && !/--packages[= ]external|--external/.test(build)
  if (!/\btsup\b|\btsdown\b/.test(build)) return false
  const texts = await Promise.all(
    ['tsup.config.ts', 'tsup.config.js', 'tsup.config.mjs', 'tsdown.config.ts'].map((path) => tree.read(path)),
  )
  return texts.some((text) => /\bnoExternal:\s*\[\s*\/\.[*+]\//.test(text ?? ''))
}

/** A file of real secrets that git would take is one that travels. */
async function carefulWith(tree: Tree): Promise<readonly string[]> {
  const rules = ignore()
    .add((await tree.read('.gitignore')) ?? '')
    .add((await tree.read('.axleignore')) ?? '')
  return tree.paths
    .filter((path) => /(?:^|\/)\.env(?:\.(?:local|production|development|test))?(?:\.local)?$/.test(path))
    .filter((path) => !rules.ignores(path))
    .map(
      (path) =>
        `${path} is not ignored by git, so it would be sent with every release: add it to .gitignore or .axleignore.`,
    )
}
