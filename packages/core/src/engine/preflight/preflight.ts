import type { Target } from '../deploy/target.ts'
import type { OperationContext } from '../engine.ts'
import { checkRoom, needOfRelease } from './disk.ts'
import { checkMemory } from './memory.ts'
import { checkPort } from './port.ts'

/** All that can be known to fail before anything is changed: one file a check. */
export async function preflight({ engine, signal }: OperationContext, targets: readonly Target[]): Promise<void> {
  const { host, container } = engine
  await checkRoom(host, await Promise.all(targets.map(({ files }) => needOfRelease(host, files))))
  await container.gateway.check()
  for (const target of targets) {
    await checkPort(engine, target)
    await checkMemory(engine, target)
    await container.supervisor.check(target.service)
    await container.hook('deploy:preflight', target.service, { service: target.service }, signal)
  }
}
