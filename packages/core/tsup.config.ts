import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineConfig } from 'tsup'

const METAFILE = 'dist/metafile-esm.json'

/** The licences of what is bundled, which must travel with it. */
function writeNotices(): void {
  const text = readFileSync(METAFILE, 'utf8')
  rmSync(METAFILE)
  const folders = new Set(
    [...text.matchAll(/"([^"]*\/node_modules\/(?:@[^/"]+\/)?[^/"]+)\//g)].map(([, at = '']) => at),
  )
  const notices = [...folders]
    .map((folder) => resolve(folder))
    .filter((folder) => existsSync(join(folder, 'package.json')) && !folder.endsWith('/tsup'))
    .map((folder) => {
      const { name, version, license }: Record<string, unknown> = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      )
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
      const terms = file === undefined ? `Licence: ${String(license)}\n` : readFileSync(join(folder, file), 'utf8')
      return `${String(name)} ${String(version)}\n\n${terms.trim()}\n`
    })
  writeFileSync(
    'dist/THIRD-PARTY.txt',
    `Bundled into this package:\n\n${notices.sort().join(`\n${'-'.repeat(80)}\n\n`)}`,
  )
}

export default defineConfig({
  entry: { index: 'src/index.ts', bin: 'src/bin.ts', host: 'src/host/index.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Some modules, such as node:sqlite, have no name without the prefix.
  removeNodeProtocol: false,
  // What the commands load lazily stays lazy: a chunk of its own.
  splitting: true,
  clean: true,
  // What is in devDependencies is bundled: installed, it would be 5 MB more in 40 packages, sources of addons that need a
  // compiler among them. ssh2 does without those.
  external: ['cpu-features', /sshcrypto\.node$/],
  // Some of it is CommonJS, and asks for Node's modules with require(), which an ES module does not have by itself.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  // And it looks for its own folder.
  shims: true,
  metafile: true,
  onSuccess: async () => writeNotices(),
  // tsup sets baseUrl for declarations, which TypeScript 6 warns about.
  dts: { entry: { index: 'src/index.ts', host: 'src/host/index.ts' }, compilerOptions: { ignoreDeprecations: '6.0' } },
})
