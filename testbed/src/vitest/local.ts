import { randomBytes } from 'node:crypto'
import { summarize } from '../cli/describe.ts'
import { execInside } from '../host/inside.ts'
import { boot, down, existing, kill, up } from '../host/testbed.ts'
import type { ImageKind } from '../image/recipe.ts'
import type { ProcessId } from '../machine/owner.ts'
import { type TestHost, testHost } from './test-host.ts'

/** A new host of this run's own. */
export async function localHost(image: ImageKind, owner: ProcessId): Promise<TestHost> {
  const name = `test-${randomBytes(4).toString('hex')}`
  const summary = summarize(await up(name, { image, owner, say: (line) => console.error(`testbed: ${line}`) }))
  return testHost({
    ...summary,
    exec: async (argv, options) => execInside(await existing(name), argv, options),
    kill: () => kill(name),
    boot: async () => {
      await boot(name)
    },
  })
}

export async function removeLocalHost(host: TestHost): Promise<void> {
  await down(host.name)
}
