import { setTimeout as sleep } from 'node:timers/promises'
import { type Endpoint, RELEASE_HEADER, type Slot } from '../../define/roles.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { Engine } from '../engine.ts'
import { processesWith } from '../host/processes.ts'
import { listenersOf } from './listeners.ts'
import { type Misplaced, misplaced } from './misplaced.ts'

/** A worker has no health path: it counts as healthy once it has been active for this long (milliseconds). */
const WORKER_ACTIVE = 3_000
const LOG_LINES = 20

export interface Probe {
  readonly ok: boolean
  /** Somebody answered, whatever it was. */
  readonly answered: boolean
  readonly detail: string
  readonly headers: Readonly<Record<string, string>>
}

export async function probeUrl(engine: Engine, url: string, headers: Readonly<Record<string, string>>): Promise<Probe> {
  try {
    const response = await engine.http(url, { headers, within: 5_000 })
    const ok = response.status >= 200 && response.status < 400
    return { ok, answered: true, detail: `${response.status} from ${url}`, headers: response.headers }
  } catch (thrown) {
    return {
      ok: false,
      answered: false,
      detail: `${thrown instanceof Error ? thrown.message : String(thrown)} (${url})`,
      headers: {},
    }
  }
}

export function healthUrl(slot: Slot): string | undefined {
  const path = slot.service.health?.path
  return slot.port === undefined || path === undefined ? undefined : `http://127.0.0.1:${slot.port}${path}`
}

/** Where the health path is reached through the gateway: the route's slash and the path's are one. */
export function throughGateway(endpoint: Endpoint, path: string): string {
  return `${endpoint.url.replace(/\/$/, '')}${path}`
}

async function lastLines(engine: Engine, slot: Slot): Promise<string> {
  const lines: string[] = []
  try {
    for await (const line of engine.container.supervisor.logs([slot], { lines: LOG_LINES })) lines.push(line.message)
  } catch (thrown) {
    lines.push(`(its log cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)})`)
  }
  return lines.slice(-LOG_LINES).join('\n')
}

async function unhealthy(engine: Engine, slot: Slot, why: string, elsewhere?: Misplaced): Promise<AxleError> {
  const output = await lastLines(engine, slot)
  const what = elsewhere === undefined ? why : `${elsewhere.what} (${why})`
  return new AxleError('AXLE_UNHEALTHY', `${slot.service.name} in slot ${slot.name} did not become healthy: ${what}.`, {
    ...(elsewhere === undefined ? {} : { hint: elsewhere.hint }),
    ...(output === '' ? {} : { output }),
  })
}

/** A candidate that does not answer yet is asked again soon: how often decides how long its start seems (milliseconds). */
const EAGER = 20
/** Looks at the process while it does not answer, one in that many: each starts a program. */
const LOOKS = 5
/** What the supervisor says of a start that it refused tells nobody why; the slot's own log and state do. */
export async function notStarted(engine: Engine, slot: Slot, thrown: unknown): Promise<AxleError> {
  const error = AxleError.wrap(thrown)
  if (error.code !== 'AXLE_COMMAND') return error
  const { ended } = await engine.container.supervisor.state(slot)
  if (ended === undefined) return error
  const command = slot.service.start.join(' ')
  return unhealthy(engine, slot, `"${command}" could not be started: ${ended}`)
}

/** Where the app listens in place of its port. */
async function listensElsewhere({ host }: Engine, slot: Slot, pid: number | undefined): Promise<Misplaced | undefined> {
  if (slot.port === undefined || pid === undefined) return undefined
  const listeners = await listenersOf(host, await processesWith(host, pid))
  return misplaced(slot.port, slot.service.runtime.kind, listeners)
}

/** Waits until the slot has passed `passes` times in a row. A process that ends fails at once: it is not waited for. */
export async function waitHealthy(engine: Engine, slot: Slot, signal: AbortSignal): Promise<string> {
  const { health } = slot.service
  const url = healthUrl(slot)
  const started = performance.now()
  const deadline = started + (health?.within ?? 30_000)
  const wanted = health?.passes ?? 3
  const interval = health?.interval ?? 100
  let passes = 0
  let last = 'it never answered'
  let answered = false
  // A warm slot may have been restarted long ago: only what happens from here on counts.
  let restarts: number | undefined
  for (let round = 0; ; round++) {
    signal.throwIfAborted()
    const began = performance.now()
    // A process is started for each look at the unit: not beside every probe, and the last one before the last probe.
    const look = url === undefined || (passes === 0 ? round % LOOKS === 0 : passes >= wanted - 1)
    const [unit, probe] = await Promise.all([
      look ? engine.container.supervisor.state(slot) : undefined,
      url === undefined ? undefined : probeUrl(engine, url, {}),
    ])
    if (unit !== undefined) {
      restarts ??= unit.restarts
      if (unit.state === 'failed' || unit.state === 'inactive' || unit.restarts > restarts) {
        throw await unhealthy(engine, slot, `the process ended${unit.ended === undefined ? '' : ` (${unit.ended})`}`)
      }
    }
    if (probe === undefined) {
      if (unit?.state === 'active' && performance.now() - started >= WORKER_ACTIVE)
        return `active for ${WORKER_ACTIVE / 1000} s`
    } else {
      passes = probe.ok ? passes + 1 : 0
      last = probe.detail
      answered ||= probe.answered
      if (passes >= wanted) return `${passes} × ${probe.detail}`
    }
    if (performance.now() > deadline) {
      const why = `${last}, after ${Math.round((performance.now() - started) / 1000)} s`
      const { pid } = await engine.container.supervisor.state(slot)
      throw await unhealthy(engine, slot, why, answered ? undefined : await listensElsewhere(engine, slot, pid))
    }
    const pause = passes === 0 && url !== undefined ? Math.min(EAGER, interval) : interval
    await sleep(Math.max(0, pause - (performance.now() - began)), undefined, { signal })
  }
}

/** How long the gateway may take to show the release: a reload's workers start within that. */
const GATEWAY_WITHIN = 5_000

/** Proves the switch: an answer through the gateway that carries the new release's name. */
export async function waitThroughGateway(
  engine: Engine,
  slot: Slot,
  endpoint: Endpoint,
  release: string,
  signal: AbortSignal,
): Promise<string> {
  const url = throughGateway(endpoint, slot.service.health?.path ?? '/')
  const deadline = performance.now() + GATEWAY_WITHIN
  for (;;) {
    signal.throwIfAborted()
    const probe = await probeUrl(engine, url, endpoint.headers)
    const shown = probe.headers[RELEASE_HEADER]
    if (probe.ok && shown === release) return probe.detail
    if (performance.now() > deadline) {
      const named = shown === undefined ? 'no release' : `release ${shown}`
      throw new AxleError(
        'AXLE_GATEWAY',
        `Through the gateway: ${probe.detail}, naming ${named} in place of ${release}.`,
      )
    }
    await sleep(50, undefined, { signal })
  }
}
