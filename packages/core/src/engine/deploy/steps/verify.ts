import type { Endpoint } from '../../../define/roles.ts'
import { AxleError } from '../../../protocol/errors.ts'
import { waitHealthy, waitThroughGateway } from '../../checks/health.ts'
import { slotOf } from '../../release/live.ts'
import { nothingToUndo, type Step, type Work } from '../step.ts'

async function gates(
  { context, target, checks }: Work,
  through: 'candidate' | 'gateway',
  endpoint: Endpoint | undefined,
): Promise<void> {
  const { container } = context.engine
  const event = { service: target.service, url: endpoint?.url, headers: endpoint?.headers ?? {} }
  for (const check of checks) {
    if (check.gates !== through || (check.service !== undefined && check.service !== target.service.name)) continue
    const verdict = await container.probe(check, event)
    if (verdict.ok) continue
    if (check.severity === 'critical') {
      throw new AxleError('AXLE_CHECK', `Check ${check.id} failed: ${verdict.detail}.`, {
        stamp: { plugin: check.plugin },
      })
    }
    context.engine.log.warning(`Check ${check.id}: ${verdict.detail}`)
  }
  await container.hook(
    'deploy:verify',
    target.service,
    { ...event, release: { id: target.release, slot: target.slot }, through },
    context.signal,
  )
}

/** The candidate by itself, before it gets any traffic. */
export const verify: Step = {
  name: 'verify',
  run: async (work) => {
    const { context, target } = work
    const slot = slotOf(target.service, target.slot)
    const said = await waitHealthy(context.engine, slot, context.signal)
    const direct = slot.port === undefined ? undefined : { url: `http://127.0.0.1:${slot.port}/`, headers: {} }
    await gates(work, 'candidate', direct)
    return said
  },
  undo: nothingToUndo,
}

/** The same, as users reach it. */
export const gateway: Step = {
  name: 'gateway',
  run: async (work) => {
    const { context, target } = work
    const endpoint = context.engine.container.gateway.endpoint(target.service)
    if (endpoint === undefined) return undefined
    const slot = slotOf(target.service, target.slot)
    const said = await waitThroughGateway(context.engine, slot, endpoint, target.release, context.signal)
    await gates(work, 'gateway', endpoint)
    return said
  },
  undo: nothingToUndo,
}
