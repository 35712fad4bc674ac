import { constants, setPriority } from 'node:os'
import { AxleError } from '../../protocol/errors.ts'
import { project as at } from '../../protocol/layout.ts'
import type { Background } from '../background/background.ts'
import type { LocalHost } from '../host/local-host.ts'
import { lockHolder } from '../lock/lock.ts'
import { operationAlive } from '../operation/alive.ts'
import { followEvents } from '../operation/follow-events.ts'
import type { Self } from '../self.ts'
import { State } from '../state/state.ts'
import type { ViewerIo } from './io.ts'
import { eventsFile, ProjectFiles } from './project-files.ts'
import { relay } from './relay.ts'

/**
 * The operation that runs, from its first event; where none runs, the last one, as if one had watched: a job that
 * detached gets its result and exit code, also when it asks too late.
 */
export async function attach(self: Self, project: string, io: ViewerIo, background: Background): Promise<number> {
  // Many may watch: none of them takes time from what they watch.
  setPriority(constants.priority.PRIORITY_LOW)
  const { host } = self
  const held = lockHolder(host.path(at.lock(project)))
  const running = held === undefined || held === 'unknown' ? undefined : held.operation
  const operation = running ?? (await lastOperation(host, project))
  const file = eventsFile(project, operation)
  if ((await host.stat(file)) === undefined) {
    throw new AxleError('AXLE_UNKNOWN', `The events of ${operation} are not on the host any more.`, {
      hint: 'See how it ended: axle history',
    })
  }
  const { unit } = await new ProjectFiles(host, project).readOperation(operation)
  const alive = () => operationAlive(host, background, { project, operation, unit })
  const events = followEvents(host.path(file), alive, io.signal)
  const first = await events.next()
  if (running !== undefined) await io.send({ t: 'accepted', op: operation, unit })
  return relay(first, events, { operation, unit }, io)
}

async function lastOperation(host: LocalHost, project: string): Promise<string> {
  const file = at.state(project)
  if ((await host.stat(file)) !== undefined) {
    const state = new State(host.path(file))
    try {
      const [last] = state.operations(1, undefined)
      if (last !== undefined) return last.id
    } finally {
      state.close()
    }
  }
  throw new AxleError('AXLE_UNKNOWN', `There was no operation of project ${project} on this host yet.`, {
    hint: 'Start one: axle deploy',
  })
}
