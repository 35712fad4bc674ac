import { AxleError } from '../../protocol/errors.ts'
import type { EventBody, ResultEvent } from '../../protocol/events.ts'
import { project as at } from '../../protocol/layout.ts'
import { operate } from '../deploy/operate.ts'
import { wishOf } from '../deploy/wish.ts'
import type { Engine } from '../engine.ts'
import { lockedError, lockHolder, tryLock } from '../lock/lock.ts'
import { openEngine, projectRedactor } from '../open-engine.ts'
import type { Self } from '../self.ts'
import { eventsFile, ProjectFiles } from '../serve/project-files.ts'
import { EventLog } from './event-log.ts'
import { pruneProject } from './prune.ts'

type ResultBody = Extract<EventBody, { type: 'result' }>

/** The engine's own process: one operation, under the project's lock, from its request on the disk to its recorded result. */
export async function runOperation(self: Self, project: string, operation: string): Promise<number> {
  const files = new ProjectFiles(self.host, project)
  const { config: hash, actor, request, manifests, unit, warning } = await files.readOperation(operation)
  const config = await files.readConfig(hash)
  const events = new EventLog(
    self.host.path(eventsFile(project, operation)),
    operation,
    await projectRedactor(self.host, config),
  )
  const { services, now } = request
  const startedAt = new Date().toISOString()
  const lockFile = self.host.path(at.lock(project))
  // Before the first event: whoever sees that knows that the lock is taken.
  const lock = tryLock(lockFile, { operation, what: request.verb, since: startedAt, pid: process.pid, actor })
  events.emit({
    type: 'operation',
    kind: request.verb,
    project,
    services: services ?? config.services.map((one) => one.name),
    actor,
  })
  if (warning !== undefined) events.logger('core').warning(warning)
  let engine: Engine | undefined
  let result: ResultBody
  try {
    if (lock === undefined) throw lockedError(lockHolder(lockFile) ?? 'unknown')
    engine = await openEngine(self, config, events.logger('core'))
    engine.state.begin({ id: operation, kind: request.verb, actor, unit, startedAt })
    const context = {
      engine,
      operation,
      actor,
      signal: new AbortController().signal,
      now,
      emit: (event: EventBody) => events.emit(event),
    }
    const accepted = async () => {
      await files.writeRun(self.node, self.enginePath)
      await files.writeLatest({ config: hash, manifests })
    }
    result = { type: 'result', ...(await operate(context, wishOf(request, manifests), services, accepted)) }
  } catch (thrown) {
    const error = AxleError.wrap(thrown)
    result = {
      type: 'result',
      outcome: 'failed',
      exit: error.exit,
      code: error.code,
      error: error.serialize(),
      services: [],
    }
  }
  if (engine !== undefined) await tidy(self, project, engine)
  const last = events.prepare(result)
  // The events are what viewers wait for; a history that cannot be written is no reason to end without them.
  if (last.type === 'result') recordEnd(engine, operation, last)
  // First the lock, then the last event: whoever has seen the end can start the next operation.
  lock?.release()
  await events.end(last)
  return result.exit
}

function recordEnd(engine: Engine | undefined, operation: string, result: ResultEvent): void {
  try {
    engine?.state.end(operation, result.time, result)
    engine?.state.close()
  } catch (thrown) {
    engine?.log.error(`The history does not know how this ended: ${AxleError.wrap(thrown).message}`)
  }
}

/** Room on the disk is no reason to fail what has just been done. */
async function tidy(self: Self, project: string, engine: Engine): Promise<void> {
  try {
    await pruneProject(self.host, project, new Set([self.engineHash, ...engine.state.owned().map((one) => one.engine)]))
  } catch (thrown) {
    engine.log.warning(`Old engines and operations stay: ${AxleError.wrap(thrown).message}`)
  }
}
