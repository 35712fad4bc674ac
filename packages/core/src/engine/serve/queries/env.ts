import { AxleError } from '../../../protocol/errors.ts'
import { HOST_STATE } from '../../../protocol/layout.ts'
import type { EnvAnswer, Request } from '../../../protocol/wire.ts'
import { neverDeployed } from '../../deploy/select.ts'
import { type Engine, secretsOf } from '../../engine.ts'
import { waitForLock } from '../../lock/lock.ts'
import { liveOf } from '../../release/live.ts'
import { askedServices } from './services.ts'

type EnvRequest = Extract<Request, { verb: 'env-list' | 'env-set' | 'env-unset' }>

/** Names only: a value never leaves the host. */
export async function env(engine: Engine, request: EnvRequest): Promise<EnvAnswer> {
  const [service] = await askedServices(engine, [request.service])
  if (service === undefined)
    throw new AxleError('AXLE_UNKNOWN', `There is no service "${request.service}" in this project.`)
  if (request.verb !== 'env-list') {
    if (request.restart && (await liveOf(engine, service.name)).release === undefined) throw neverDeployed(service.name)
    await engine.host.makeDirectory(HOST_STATE, { mode: '755' })
    const lock = await waitForLock(
      engine.host.path(`${HOST_STATE}/lock.db`),
      {
        operation: request.verb,
        what: request.verb,
        since: new Date().toISOString(),
        pid: process.pid,
        actor: { user: 'axle', host: engine.host.facts.hostname },
      },
      10_000,
    )
    try {
      if (request.verb === 'env-set') await engine.secrets.set(service.name, request.name, request.value)
      else await engine.secrets.unset(service.name, request.name)
    } finally {
      lock.release()
    }
  }
  const set = new Set(await engine.secrets.names(service.name))
  const declared = new Map(secretsOf(service).map((one) => [one.secret, one.optional]))
  const names = [...new Set([...set, ...declared.keys()])].sort()
  return {
    service: service.name,
    names: names.map((name) => ({
      name,
      set: set.has(name),
      declared: declared.has(name),
      optional: declared.get(name) ?? true,
    })),
  }
}
