import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', bin: 'src/bin.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Some modules, such as node:sqlite, have no name without the prefix.
  removeNodeProtocol: false,
  clean: true,
  // tsup sets baseUrl for declarations, which TypeScript 6 warns about.
  dts: { entry: { index: 'src/index.ts' }, compilerOptions: { ignoreDeprecations: '6.0' } },
})
