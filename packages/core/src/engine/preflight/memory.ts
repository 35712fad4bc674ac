import { AxleError } from '../../protocol/errors.ts'
import type { Target } from '../deploy/target.ts'
import type { Engine } from '../engine.ts'
import { memoryOf, processesWith } from '../host/processes.ts'

export interface Memory {
  /** What the kernel could give without swapping (bytes). */
  readonly available: number | undefined
  /** What the live release uses: its successor will need about as much beside it. */
  readonly live: number | undefined
}

/** For a moment two releases run side by side: too little for the second, and the kernel would kill one of them. Pure. */
export function lackOfMemory(service: string, { available, live }: Memory): AxleError | undefined {
  if (available === undefined || live === undefined || live <= available) return undefined
  const mb = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`
  return new AxleError(
    'AXLE_MEMORY',
    `${service} uses ${mb(live)} of memory, and its new release would start beside it: the host has ${mb(available)} left.`,
    { where: service },
  )
}

/** MemAvailable of proc(5), in bytes. */
export function availableIn(meminfo: string): number | undefined {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1]
  return kib === undefined ? undefined : Number(kib) * 1024
}

export async function checkMemory(engine: Engine, target: Target): Promise<void> {
  if (target.action !== 'deploy' || target.warm || target.gap || target.previous === undefined) return
  const { pid } = target.states[target.liveSlot]
  if (pid === undefined) return
  const live = await memoryOf(engine.host, await processesWith(engine.host, pid))
  const available = availableIn((await engine.host.read('/proc/meminfo')) ?? '')
  const lack = lackOfMemory(target.service.name, { available, live })
  if (lack !== undefined) throw lack
}
