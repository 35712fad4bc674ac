import type { Target } from '../deploy/target.ts'
import type { Wish } from '../deploy/wish.ts'
import type { OperationContext } from '../engine.ts'
import { checkRoom, LITTLE, needOfTarget } from './disk.ts'
import { checkMemory } from './memory.ts'
import { checkPort } from './port.ts'

/** All that can be known to fail before anything is changed: one file a check. */
export async function preflight(
  { engine, signal }: OperationContext,
  { kind }: Wish,
  targets: readonly Target[],
): Promise<void> {
  const { host, container } = engine
  const room = async () => {
    const needs = await Promise.all(targets.map((target) => needOfTarget(host, target)))
    // A disk that is nearly full is when one wants to go back: only what brings more has to leave room.
    await (kind === 'deploy' ? checkRoom(host, needs) : checkRoom(host, needs, LITTLE))
  }
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
