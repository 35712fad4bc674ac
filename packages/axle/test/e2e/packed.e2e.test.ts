import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PUBLISHED, type Published, pack } from './pack.ts'

let folder: string
let packed: Readonly<Record<Published, string>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-packed-'))
  packed = await pack(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ALWAYS = ['LICENSE', 'README.md', 'package.json']
const LIBRARY = [...ALWAYS, 'dist/index.d.ts', 'dist/index.js']

/** Chunks that load lazily are named by their content. */
const FILES: Readonly<Record<Published, { readonly exactly: readonly string[]; readonly chunks?: true }>> = {
  core: {
    exactly: [...LIBRARY, 'dist/bin.js', 'dist/host.d.ts', 'dist/host.js', 'dist/THIRD-PARTY.txt'],
    chunks: true,
  },
  axle: { exactly: [...LIBRARY, 'dist/bin.js'] },
  'plugin-systemd': { exactly: LIBRARY },
  'plugin-nginx': { exactly: LIBRARY },
}

interface Manifest {
  readonly [field: string]: unknown
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

async function filesOf(name: Published): Promise<readonly string[]> {
  const { stdout } = await execa('tar', ['-tzf', packed[name]])
  return stdout.split('\n').map((path) => path.replace(/^package\//, ''))
}

async function manifestOf(name: Published): Promise<{ readonly text: string; readonly manifest: Manifest }> {
  const { stdout: text } = await execa('tar', ['-xzOf', packed[name], 'package/package.json'])
  return { text, manifest: JSON.parse(text) }
}

describe.each(PUBLISHED)('%s', (name) => {
  test('holds what is run, what is read, and nothing else', async () => {
    const { exactly, chunks } = FILES[name]
    const files = await filesOf(name)
    const own = chunks === true ? files.filter((path) => !/^dist\/[\w-]+-[A-Z0-9]{8}\.js$/.test(path)) : files
    expect(own.toSorted()).toEqual(exactly.toSorted())
  })

  test('says what a registry shows and npm needs, and nothing of this workspace', async () => {
    const { text, manifest } = await manifestOf(name)
    expect(text).not.toMatch(/workspace:|axle-source|\.\/src\//)
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      engines: { node: '>=22.19' },
      publishConfig: { access: 'public' },
      repository: { type: 'git', directory: `packages/${name}` },
    })
    for (const field of ['description', 'keywords', 'sideEffects', 'files']) expect(manifest).toHaveProperty(field)
    expect(manifest).not.toHaveProperty('private')
    const files = await filesOf(name)
    const named = [...Object.values(manifest.bin ?? {}), ...Object.values(manifest.exports).flatMap(targets)]
    for (const file of named) expect(files).toContain(file.replace(/^\.\//, ''))
  })

  test('publishes the exports that it is developed with, but for its sources', async () => {
    const source: Manifest = JSON.parse(
      await readFile(new URL(`../../../${name}/package.json`, import.meta.url), 'utf8'),
    )
    const wanted = Object.entries(source.exports).map(([path, target]) => {
      if (typeof target === 'string') return [path, target]
      return [path, Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== 'axle-source'))]
    })
    expect((await manifestOf(name)).manifest.exports).toEqual(Object.fromEntries(wanted))
  })

  test('takes the packages of its own group by a range that one version of core fits', async () => {
    const { manifest } = await manifestOf(name)
    const ours = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
      ([other]) => other.startsWith('@axle-ia/') || other === 'axle',
    )
    for (const [other, range] of ours) expect(`${other} ${range}`).toBe(`${other} ^${String(manifest.version)}`)
    expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(name.startsWith('plugin-') ? ['@axle-ia/core'] : [])
  })
})

/** Bytes of each package in a node_modules, a file of two names counted once. */
async function installedSizes(modules: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>()
  const seen = new Set<number>()
  for (const entry of await readdir(modules, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { size, ino } = await lstat(path)
    if (seen.has(ino)) continue
    seen.add(ino)
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(relative(modules, path))?.[0] ?? path
    sizes.set(name, (sizes.get(name) ?? 0) + size)
  }
  return sizes
}

test('core and all that it needs take 20 MB at most', async () => {
  const project = join(folder, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "private": true }')
  await execa('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', packed.core], { cwd: project })
  const sizes = await installedSizes(join(project, 'node_modules'))
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const table = [...sizes].sort(([, a], [, b]) => b - a).map(([name, size]) => `${(size / 1e6).toFixed(2)} MB  ${name}`)
  console.info([`${(total / 1e6).toFixed(2)} MB  @axle-ia/core, installed`, ...table.slice(0, 6)].join('\n'))
  expect(total).toBeLessThanOrEqual(20e6)
  // One of each: a second zod would be two kinds of schemas.
  expect([...sizes.keys()].filter((name) => !name.startsWith('@esbuild/') && !name.startsWith('.')).toSorted()).toEqual(
    ['@axle-ia/core', 'esbuild', 'zod'],
  )
})

function targets(target: string | Readonly<Record<string, string>>): readonly string[] {
  return typeof target === 'string' ? [target] : Object.values(target)
}
