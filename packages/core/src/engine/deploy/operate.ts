import { AxleError } from '../../protocol/errors.ts'
import type { EventBody, Outcome, ServiceResult } from '../../protocol/events.ts'
import { EXIT } from '../../protocol/exit.ts'
import { resourceKey } from '../../protocol/resource.ts'
import type { Engine, OperationContext } from '../engine.ts'
import { withHostLock } from '../lock/host-lock.ts'
import { unfailing } from '../operation/unfailing.ts'
import { preflight } from '../preflight/preflight.ts'
import { isClaimed, readClaims } from '../registry/claims.ts'
import { mendRegistry } from '../registry/mend.ts'
import { deployedServices, placeServices, releasePlaces } from '../registry/services.ts'
import { liveOf } from '../release/live.ts'
import { readStopped } from '../release/stopped.ts'
import { applyPhase, emptyLog, removeResources, runHandlers, undoChanges } from '../resources/apply.ts'
import type { Survey } from '../resources/survey.ts'
import { startRetire } from '../retire/retire-unit.ts'
import { type Prepared, prepare, relevantServices, surveyShared } from './prepare.ts'
import { UNDO_WITHIN, workOn } from './step.ts'
import type { Target } from './target.ts'
import { transact } from './transaction.ts'
import { changesReleases, type Wish } from './wish.ts'

type Result = Omit<Extract<EventBody, { type: 'result' }>, 'type'>
const WORST: readonly Outcome[] = ['unchanged', 'done', 'cancelled', 'rolled-back', 'failed', 'lost-viewer']

/** The project's lock is held by the caller. Never throws: whatever happens becomes a result. */
export async function operate(
  given: OperationContext,
  wish: Wish,
  names: readonly string[] | undefined,
  /** Called once config and files are known to be usable: from here on they are the project's latest. */
  accepted: () => Promise<void> = async () => {},
): Promise<Result> {
  const context = unfailing(given)
  const { engine } = context
  const shared = changesReleases(wish)
  let changing = false
  try {
    const prepared = await step(context, 'plan', async () => {
      const made = await withHostLock(engine.host, 'place', async () => {
        await mendRegistry(engine.host, engine.log)
        return prepare(engine, wish, names, shared)
      })
      const due = [
        ...(shared ? made.shared.changes : []),
        ...made.targets.flatMap((target) => (target.action === 'stop' ? [] : target.survey.changes)),
      ].filter((one) => one.action !== 'none')
      return [made, due.length === 0 ? 'no change of resources' : `${due.length} resources to change`] as const
    })
    if (shared) await accepted()
    const due = prepared.targets.filter((target) => target.action === 'deploy' || target.action === 'repair')
    if (due.length > 0) {
      await step(context, 'preflight', async () => [await preflight(context, wish, due), undefined] as const)
    }
    changing = shared
    if (shared) await applyShared(context, prepared)
    return await run(context, prepared, shared)
  } catch (thrown) {
    await finish(context, changing)
    return failure(AxleError.wrap(thrown), [])
  }
}

async function step<T>(
  context: OperationContext,
  name: string,
  work: () => Promise<readonly [T, string | undefined]>,
): Promise<T> {
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  context.emit({ type: 'step', step: name, state: 'started' })
  try {
    const [value, detail] = await work()
    context.emit({ type: 'step', step: name, state: 'done', ms: ms(), ...(detail === undefined ? {} : { detail }) })
    return value
  } catch (thrown) {
    context.emit({ type: 'step', step: name, state: 'failed', ms: ms(), detail: AxleError.wrap(thrown).message })
    throw thrown
  }
}

function failure(error: AxleError, services: readonly ServiceResult[]): Result {
  return { outcome: 'failed', exit: error.exit, code: error.code, error: error.serialize(), services: [...services] }
}

/** Nothing of it is to be changed, and all of it is this project's as well. */
async function isSettled({ host, bound }: Engine, shared: Survey): Promise<boolean> {
  if (shared.changes.some((change) => change.action !== 'none')) return false
  const claims = await readClaims(host)
  return shared.changes.every(
    ({ resource }) => resource.scope !== 'host' || isClaimed(claims, resource, bound.config.project),
  )
}

/** What the gateway needs before a service can be reached. Looked at again under the lock: others may have been here. */
async function applyShared(context: OperationContext, prepared: Prepared): Promise<void> {
  const { engine, signal } = context
  const selected = prepared.targets.map((target) => target.service.name)
  await withHostLock(engine.host, 'apply', async () => {
    if (await isSettled(engine, prepared.shared)) return
    const survey = await surveyShared(engine, await relevantServices(engine, selected))
    const log = emptyLog()
    try {
      const handlers: string[] = []
      for (const phase of ['before', 'switch'] as const) {
        handlers.push(...(await applyPhase(engine, survey, phase, log, signal)))
      }
      await runHandlers(engine, handlers, signal)
    } catch (thrown) {
      await undoChanges(engine, log, AbortSignal.timeout(UNDO_WITHIN))
      throw thrown
    }
  })
}

async function run(context: OperationContext, prepared: Prepared, shared: boolean): Promise<Result> {
  const { engine } = context
  const results: ServiceResult[] = []
  let first: AxleError | undefined
  for (const target of prepared.targets) {
    const { service } = target
    const blocked = results.find((one) => service.after.includes(one.service) && isLacking(one.outcome))
    if (blocked !== undefined) {
      results.push(await resultOf(context, target, 'cancelled'))
      engine.log.warning(`${service.name} was left as it was, because it comes after ${blocked.service}.`)
    } else if (target.action === 'unchanged') {
      results.push(await resultOf(context, target, 'unchanged'))
    } else {
      try {
        await transact(workOn(context, target, prepared.checks))
        results.push(await resultOf(context, target, 'done'))
        if (target.action !== 'stop') await afterwards(context, target)
      } catch (thrown) {
        const error = AxleError.wrap(thrown)
        first ??= error
        results.push(await resultOf(context, target, 'failed'))
        const { code, message } = error
        if (target.action === 'stop') continue
        await engine.container.hook('deploy:failed', service, { service, error: { code, message } }, context.signal)
      }
    }
  }
  await finish(context, shared)
  if (first !== undefined) return failure(first, results)
  const worst = results.reduce<Outcome>(
    (so, one) => (WORST.indexOf(one.outcome) > WORST.indexOf(so) ? one.outcome : so),
    'unchanged',
  )
  return { outcome: worst, exit: EXIT.done, services: results }
}

const isLacking = (outcome: Outcome): boolean => outcome === 'failed' || outcome === 'cancelled'

/** The new release serves: what goes wrong from here on is told, and makes no failure of the deploy. */
async function afterwards(context: OperationContext, target: Target): Promise<void> {
  const { engine, signal } = context
  const { service, release, slot, previous } = target
  try {
    if (target.action === 'deploy' && previous !== undefined) await startRetire(engine, service.name, target.liveSlot)
  } catch (thrown) {
    engine.log.error(`Slot ${target.liveSlot} of ${service.name} still runs: ${AxleError.wrap(thrown).message}`)
  }
  await engine.container.hook('deploy:done', service, { service, release: { id: release, slot }, previous }, signal)
}

/**
 * What is shared, as it should stand for what is deployed now: the gateway's list of APIs, replacements, and removal of
 * what no plugin wants any more. Where nothing of the project is deployed (its first deploy failed), all of it goes.
 */
async function finish(context: OperationContext, changed: boolean): Promise<void> {
  const { engine } = context
  const signal = AbortSignal.timeout(UNDO_WITHIN)
  try {
    await withHostLock(engine.host, 'finish', async () => {
      const { project } = engine.bound.config
      const deployed = await deployedServices(engine.host)
      const names = new Set(deployed.filter((one) => one.project === project).map((one) => one.name))
      await releasePlaces(engine.host, project, names)
      if (!changed) return
      const owned = engine.state
        .owned()
        .filter((one) => one.resource.scope !== 'service')
        .map((one) => one.resource)
      if (names.size === 0) {
        await runHandlers(engine, await removeResources(engine, owned, signal), signal)
        return
      }
      const placed = (await placeServices(engine.host, engine.bound.config, false)).filter((one) => names.has(one.name))
      const survey = await surveyShared(engine, placed)
      const handlers: string[] = []
      for (const phase of ['before', 'switch', 'after'] as const) {
        handlers.push(...(await applyPhase(engine, survey, phase, emptyLog(), signal)))
      }
      const wanted = new Set(survey.changes.map((change) => resourceKey(change.resource)))
      const orphans = owned.filter((one) => !wanted.has(resourceKey(one)))
      if (orphans.length > 0) handlers.push(...(await removeResources(engine, orphans, signal)))
      await runHandlers(engine, handlers, signal)
    })
  } catch (thrown) {
    engine.log.error(
      `What the host's services share could not be brought up to date: ${AxleError.wrap(thrown).message}`,
    )
  }
}

async function resultOf(context: OperationContext, target: Target, outcome: Outcome): Promise<ServiceResult> {
  const live = await liveOf(context.engine, target.service.name)
  const away = (await readStopped(context.engine.host, target.service.name)) !== undefined
  return {
    service: target.service.name,
    outcome,
    ...(live.release === undefined || away ? {} : { release: live.release }),
    ...(target.previous === undefined ? {} : { previous: target.previous }),
  }
}
