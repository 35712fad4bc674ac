import type { PlacedService } from '../../../protocol/service.ts'
import type { HealthAnswer } from '../../../protocol/wire.ts'
import { healthUrl, probeUrl, throughGateway } from '../../checks/health.ts'
import { contributions } from '../../deploy/prepare.ts'
import type { Engine } from '../../engine.ts'
import { liveOf, slotOf } from '../../release/live.ts'
import { readStopped, stoppedReason } from '../../release/stopped.ts'
import { askedServices } from './services.ts'

type Row = HealthAnswer['checks'][number]

async function timed(
  check: string,
  service: string | undefined,
  work: () => Promise<{ ok: boolean; detail: string }>,
): Promise<Row> {
  const began = performance.now()
  const { ok, detail } = await work()
  return { check, ok, detail, ms: Math.round(performance.now() - began), ...(service === undefined ? {} : { service }) }
}

async function serviceHealth(engine: Engine, service: PlacedService): Promise<readonly Row[]> {
  const live = await liveOf(engine, service.name)
  if (live.release === undefined)
    return [{ check: 'release', service: service.name, ok: false, detail: 'never deployed', ms: 0 }]
  const slot = slotOf(service, live.slot)
  const stopped = await readStopped(engine.host, service.name)
  if (stopped !== undefined && (await engine.container.supervisor.state(slot)).state !== 'active')
    return [{ check: 'process', service: service.name, ok: false, detail: stoppedReason(stopped), ms: 0 }]
  const rows = [
    await timed('process', service.name, async () => {
      const { state, pid } = await engine.container.supervisor.state(slot)
      return {
        ok: state === 'active',
        detail: `slot ${slot.name} is ${state}${pid === undefined ? '' : ` (pid ${pid})`}`,
      }
    }),
  ]
  const url = healthUrl(slot)
  if (url !== undefined) rows.push(await timed('direct', service.name, () => probeUrl(engine, url, {})))
  const endpoint = engine.container.gateway.endpoint(service)
  if (endpoint !== undefined) {
    const through = throughGateway(endpoint, service.health?.path ?? '/')
    rows.push(await timed('gateway', service.name, () => probeUrl(engine, through, endpoint.headers)))
  }
  return rows
}

/** Runs every check now: process, health path directly and through the gateway, and what plugins contribute. */
export async function health(engine: Engine, names: readonly string[] | undefined): Promise<HealthAnswer> {
  const services = await askedServices(engine, names)
  const rows = (await Promise.all(services.map((service) => serviceHealth(engine, service)))).flat()
  const { checks } = await contributions(engine, services)
  for (const check of checks) {
    const service = services.find((one) => one.name === check.service)
    if (check.service !== undefined && service === undefined) continue
    const endpoint = service === undefined ? undefined : engine.container.gateway.endpoint(service)
    const event = { service, url: endpoint?.url, headers: endpoint?.headers ?? {} }
    const row = await timed(check.id, check.service, () => engine.container.probe(check, event))
    rows.push(check.severity === 'critical' || row.ok ? row : { ...row, ok: true, detail: `warning: ${row.detail}` })
  }
  return {
    healthy: rows.every((row) => row.ok),
    checks: rows.map(({ ok, detail, ...rest }) => ({ ...rest, ok, detail })),
  }
}
