import { defineConfig } from 'vitest/config'

// Workspace packages are taken from their sources, so that no test needs a build (but those of what is built).
const resolve = { conditions: ['axle-source', 'module', 'node', 'development|production'] }
const ssr = { resolve: { ...resolve, externalConditions: ['axle-source', 'node'] } }
const exclude = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    // The report is what .ci/run counts.
    reporters: [
      'default',
      './testbed/src/vitest/skipped-reporter.ts',
      ['json', { outputFile: '.vitest-report/report.json' }],
    ],
    // Removing the last hosts.
    teardownTimeout: 60_000,
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
            'testbed/src/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: [...exclude, '**/*.e2e.test.ts'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'types',
          include: [],
          typecheck: { enabled: true, only: true, include: ['**/*.test-d.ts'], exclude, tsconfig: './tsconfig.json' },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['**/*.e2e.test.ts'],
          exclude,
          globalSetup: ['./testbed/src/vitest/global-setup.ts'],
          // Files run side by side, each with its own host; tests of one file share it and run in order.
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
