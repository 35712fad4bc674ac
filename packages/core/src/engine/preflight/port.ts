import { AxleError } from '../../protocol/errors.ts'
import { listenerOn } from '../checks/listeners.ts'
import type { Target } from '../deploy/target.ts'
import type { Engine } from '../engine.ts'
import { slotOf } from '../release/live.ts'

/** The candidate's port must be free. */
export async function checkPort(engine: Engine, target: Target): Promise<void> {
  const slot = slotOf(target.service, target.slot)
  if (slot.port === undefined || target.warm) return
  const { state } = target.states[target.slot]
  if (state !== 'inactive' && state !== 'failed') return // what still drains there is ours, and is waited for
  const holder = await listenerOn(engine.host, slot.port)
  if (holder === undefined) return
  const who = holder.pid === undefined ? 'another program' : `${holder.program ?? 'a program'} (pid ${holder.pid})`
  throw new AxleError(
    'AXLE_PORT_TAKEN',
    `Port ${slot.port}, which ${target.service.name} needs in slot ${slot.name}, is taken by ${who}.`,
    { where: `port ${slot.port}` },
  )
}
