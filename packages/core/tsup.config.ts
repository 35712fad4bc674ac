import { defineConfig } from 'tsup'

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
  // tsup sets baseUrl for declarations, which TypeScript 6 warns about.
  dts: { entry: { index: 'src/index.ts', host: 'src/host/index.ts' }, compilerOptions: { ignoreDeprecations: '6.0' } },
})
