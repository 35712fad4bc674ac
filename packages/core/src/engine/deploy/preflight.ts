import { statfs } from 'node:fs/promises'
import { AxleError } from '../../protocol/errors.ts'
import { listenerOn } from '../checks/listeners.ts'
import type { OperationContext } from '../engine.ts'
import { slotOf } from '../release/live.ts'
import { bytesOf, type Target } from './target.ts'

/** Free space asked for: the release twice, and this much besides (bytes). */
const SPARE = 64 * 1024 * 1024

async function checkPort(context: OperationContext, target: Target): Promise<void> {
  const slot = slotOf(target.service, target.slot)
  if (slot.port === undefined || target.warm) return
  const unit = await context.engine.container.supervisor.state(slot)
  if (unit.state !== 'inactive' && unit.state !== 'failed') return // what still drains there is ours, and is waited for
  const holder = await listenerOn(context.engine.host, slot.port)
  if (holder === undefined) return
  const who = holder.pid === undefined ? 'another program' : `${holder.program ?? 'a program'} (pid ${holder.pid})`
  throw new AxleError(
    'AXLE_PORT_TAKEN',
    `Port ${slot.port}, which ${target.service.name} needs in slot ${slot.name}, is taken by ${who}.`,
  )
}

async function checkDisk(context: OperationContext, targets: readonly Target[]): Promise<void> {
  const { bavail, bsize } = await statfs(context.engine.host.path('/opt'))
  const free = bavail * bsize
  const needed = 2 * targets.reduce((sum, target) => sum + bytesOf(target.files), 0) + SPARE
  if (free >= needed) return
  const mb = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`
  throw new AxleError('AXLE_DISK_FULL', `/opt has ${mb(free)} free, and this deploy wants ${mb(needed)}.`)
}

/** All that can be known to fail before anything is changed. */
export async function preflight(context: OperationContext, targets: readonly Target[]): Promise<void> {
  await checkDisk(context, targets)
  await context.engine.container.gateway.check()
  for (const target of targets) {
    await checkPort(context, target)
    await context.engine.container.supervisor.check(target.service)
    await context.engine.container.hook('deploy:preflight', target.service, { service: target.service }, context.signal)
  }
}
