import { AxleError } from '../../protocol/errors.ts'
import type { EventBody, Outcome, ServiceResult } from '../../protocol/events.ts'
import { EXIT } from '../../protocol/exit.ts'
import { HOST_STATE } from '../../protocol/layout.ts'
import { resourceKey } from '../../protocol/resource.ts'
import type { OperationContext } from '../engine.ts'
import { type Lock, waitForLock } from '../lock/lock.ts'
import { deployedServices, placeServices } from '../registry/services.ts'
import { liveOf } from '../release/live.ts'
import { applyPhase, removeResources, runHandlers } from '../resources/apply.ts'
import { startRetire } from '../retire/retire-unit.ts'
import { preflight } from './preflight.ts'
import { type Prepared, prepare, surveyShared, type Wish } from './prepare.ts'
import type { Target } from './target.ts'
import { transact } from './transaction.ts'

type Result = Omit<Extract<EventBody, { type: 'result' }>, 'type'>
const WORST: readonly Outcome[] = ['unchanged', 'done', 'cancelled', 'rolled-back', 'failed', 'lost-viewer']

/** Held for the short time in which something is changed that all projects share. */
async function withHostLock<T>(context: OperationContext, what: string, work: () => Promise<T>): Promise<T> {
  const { host } = context.engine
  await host.makeDirectory(HOST_STATE, { mode: '755' })
  const lock: Lock = await waitForLock(
    host.path(`${HOST_STATE}/lock.db`),
    {
      operation: context.operation,
      what,
      since: new Date().toISOString(),
      pid: process.pid,
      actor: { user: 'axle', host: host.facts.hostname },
    },
    60_000,
  )
  try {
    return await work()
  } finally {
    lock.release()
  }
}

/** Lock is held by the caller. Never throws: whatever happens becomes a result. */
export async function operate(
  context: OperationContext,
  wish: Wish,
  names: readonly string[] | undefined,
): Promise<Result> {
  let prepared: Prepared
  try {
    prepared = await step(context, 'plan', async () => {
      const made = await withHostLock(context, 'place', () => prepare(context.engine, wish, names, true))
      const due = [...made.shared.changes, ...made.targets.flatMap((target) => target.survey.changes)].filter(
        (one) => one.action !== 'none',
      )
      return [made, due.length === 0 ? 'no change of resources' : `${due.length} resources to change`] as const
    })
    const due = prepared.targets.filter((target) => target.action !== 'unchanged')
    if (due.length > 0) {
      await step(context, 'preflight', async () => {
        await preflight(context, due)
        return [undefined, undefined] as const
      })
    }
  } catch (thrown) {
    return failure(AxleError.wrap(thrown), [])
  }
  return run(context, prepared)
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

async function run(context: OperationContext, prepared: Prepared): Promise<Result> {
  const { engine } = context
  const results: ServiceResult[] = []
  let first: AxleError | undefined
  let sharedCreated: Awaited<ReturnType<typeof applyPhase>>['created'] = []
  try {
    sharedCreated = await withHostLock(context, 'apply', async () => {
      const before = await applyPhase(engine, prepared.shared, 'before', undefined, context.signal)
      const now = await applyPhase(engine, prepared.shared, 'switch', undefined, context.signal)
      await runHandlers(engine, [...before.handlers, ...now.handlers], context.signal)
      return [...before.created, ...now.created]
    })
  } catch (thrown) {
    return failure(AxleError.wrap(thrown), [])
  }
  for (const target of prepared.targets) {
    const blocked = target.service.after.find((name) =>
      results.some((one) => one.service === name && one.outcome === 'failed'),
    )
    if (blocked !== undefined) {
      results.push(await resultOf(context, target, 'cancelled'))
      engine.log.warning(`${target.service.name} was not deployed, because it comes after ${blocked}.`)
      continue
    }
    if (target.action === 'unchanged') {
      results.push(await resultOf(context, target, 'unchanged'))
      continue
    }
    try {
      await transact({ context, target, checks: prepared.checks, created: [] })
      results.push(await resultOf(context, target, 'done'))
      await afterwards(context, target)
    } catch (thrown) {
      const error = AxleError.wrap(thrown)
      first ??= error
      results.push(await resultOf(context, target, 'failed'))
      const { code, message } = error
      await engine.container.hook(
        'deploy:failed',
        target.service,
        { service: target.service, error: { code, message } },
        context.signal,
      )
    }
  }
  try {
    await finish(context, sharedCreated)
  } catch (thrown) {
    first ??= AxleError.wrap(thrown)
  }
  if (first !== undefined) return failure(first, results)
  const worst = results.reduce<Outcome>(
    (so, one) => (WORST.indexOf(one.outcome) > WORST.indexOf(so) ? one.outcome : so),
    'unchanged',
  )
  return { outcome: worst, exit: EXIT.done, services: results }
}

async function afterwards(context: OperationContext, target: Target): Promise<void> {
  const { engine, signal } = context
  const { service, release, slot, previous } = target
  if (target.action === 'deploy' && previous !== undefined) await startRetire(engine, service.name, target.liveSlot)
  await engine.container.hook('deploy:done', service, { service, release: { id: release, slot }, previous }, signal)
}

/**
 * What is shared, as it should stand for what is deployed now: the gateway's list of APIs, replacements, and removal of
 * what no plugin wants any more. After a first deploy that failed, nothing is deployed: then all that was made goes.
 */
async function finish(context: OperationContext, created: readonly { kind: string; id: string }[]): Promise<void> {
  const { engine, signal } = context
  await withHostLock(context, 'apply', async () => {
    const names = new Set(
      (await deployedServices(engine.host))
        .filter((one) => one.project === engine.bound.config.project)
        .map((one) => one.name),
    )
    const owned = () => engine.state.owned().filter((one) => one.resource.scope !== 'service')
    if (names.size === 0) {
      const keys = new Set(created.map(resourceKey))
      const made = owned()
        .filter((one) => keys.has(resourceKey(one.resource)))
        .map((one) => one.resource)
      await runHandlers(engine, await removeResources(engine, made, signal), signal)
      return
    }
    const placed = (await placeServices(engine.host, engine.bound.config, false)).filter((service) =>
      names.has(service.name),
    )
    const { survey } = await surveyShared(engine, placed)
    const handlers: string[] = []
    for (const phase of ['before', 'switch', 'after'] as const)
      handlers.push(...(await applyPhase(engine, survey, phase, undefined, signal)).handlers)
    const wanted = new Set(survey.changes.map((change) => resourceKey(change.resource)))
    const orphans = owned()
      .filter((one) => !wanted.has(resourceKey(one.resource)))
      .map((one) => one.resource)
    if (orphans.length > 0) handlers.push(...(await removeResources(engine, orphans, signal)))
    await runHandlers(engine, handlers, signal)
  })
}

async function resultOf(context: OperationContext, target: Target, outcome: Outcome): Promise<ServiceResult> {
  const live = await liveOf(context.engine.host, target.service.name)
  return {
    service: target.service.name,
    outcome,
    ...(live.release === undefined ? {} : { release: live.release }),
    ...(target.previous === undefined ? {} : { previous: target.previous }),
  }
}
