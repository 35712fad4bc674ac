import type { Target } from '../deploy/target.ts'
import type { OperationContext } from '../engine.ts'
import { checkRoom, needOfRelease } from './disk.ts'
import { checkMemory } from './memory.ts'
import { checkPort } from './port.ts'

/** All that can be known to fail before anything is changed: one file a check. */
export async function preflight({ engine, signal }: OperationContext, targets: readonly Target[]): Promise<void> {
  const { host, container } = engine
  const room = async () => checkRoom(host, await Promise.all(targets.map(({ files }) => needOfRelease(host, files))))
  const each = targets.flatMap((target) => [
    checkPort(engine, target),
    checkMemory(engine, target),
    container.supervisor.check(target.service),
  ])
  // Side by side, because most of them start a program; what fails first in this order is what is told.
  for (const outcome of await Promise.allSettled([room(), container.gateway.check(), ...each])) {
    if (outcome.status === 'rejected') throw outcome.reason
  }
  for (const target of targets) {
    await container.hook('deploy:preflight', target.service, { service: target.service }, signal)
  }
}
