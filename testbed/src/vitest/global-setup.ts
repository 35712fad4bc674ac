import type { TestProject } from 'vitest/node'
import { downAllOf, sweep } from '../host/testbed.ts'
import { ensureImage } from '../image/image.ts'
import { identify } from '../machine/owner.ts'
import { ensureMachine, whyNoHosts } from '../machine/requirements.ts'
import { externalTarget } from './needs.ts'
import './use-host.ts'

const say = (line: string): void => console.error(`testbed: ${line}`)

/** Before the first file: clear up after runs that were killed, and have the images ready. After the last: nothing stays. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (externalTarget(process.env) !== undefined) {
    say(`the e2e tests use ${process.env.AXLE_TEST_HOST ?? ''}`)
    return undefined
  }
  const reason = whyNoHosts()
  if (reason !== undefined) {
    say(`no testbed hosts here: ${reason}. The e2e tests are skipped; AXLE_TEST_HOST=user@address gives them a host`)
    return undefined
  }
  const run = identify(process.pid)
  if (run === undefined) throw new Error('cannot read /proc/self/stat')
  project.provide('axleTestbedRun', run)
  await ensureMachine(say)
  for (const name of await sweep()) say(`removed ${name}, left by a run that was killed`)
  await Promise.all([ensureImage('standard', say), ensureImage('bare', say)])
  return () => downAllOf(run)
}
