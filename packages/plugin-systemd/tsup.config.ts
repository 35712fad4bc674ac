import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  target: 'node22',
  platform: 'node',
  // tsup hands TypeScript 6 an option that it calls outdated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  clean: true,
})
