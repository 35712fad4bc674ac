import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** The fuzz tests in their long form: `npm run fuzz -- --rounds 20000`, and one failure again: `-- --seed 123 --rounds 1`. */

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20000' }, seed: { type: 'string' } } })
const { status } = spawnSync('vitest', ['run', '--project', 'unit', 'packages/core/test/fuzz'], {
  cwd: resolve(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: {
    ...process.env,
    AXLE_FUZZ_ROUNDS: values.rounds,
    ...(values.seed === undefined ? {} : { AXLE_FUZZ_SEED: values.seed }),
  },
})
process.exitCode = status ?? 1
