import { project as at } from '../protocol/layout.ts'
import type { ResolvedConfig } from '../protocol/service.ts'
import type { Background } from './background/background.ts'
import { transientUnits } from './background/transient-unit.ts'
import { bind } from './bind/bind.ts'
import type { Engine } from './engine.ts'
import { confined } from './host/confined-host.ts'
import type { Logger } from './host/host.ts'
import { http } from './host/http.ts'
import { withHostLock } from './lock/host-lock.ts'
import { PluginContainer } from './plugins/container.ts'
import { readClaims } from './registry/claims.ts'
import { mendRegistry } from './registry/mend.ts'
import { placeServices } from './registry/services.ts'
import { coreKinds } from './resources/kinds/index.ts'
import { redactor } from './secrets/redact.ts'
import { Secrets } from './secrets/secrets.ts'
import type { Self } from './self.ts'
import { openState } from './state/open-state.ts'
import { rebuildState } from './state/rebuild.ts'
import { ContentStore } from './store/content-store.ts'

const silent: Logger = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

/**
 * An engine over this host: everything that is looked up once. Without a log it only answers questions: state that cannot
 * be read is an error then, where an operation mends it and says so.
 */
export async function openEngine(
  self: Self,
  config: ResolvedConfig,
  log?: Logger,
  background: Background = transientUnits(self.host),
): Promise<Engine> {
  const { host } = self
  const bound = bind(config, await self.authored())
  await host.makeDirectory(at.directory(config.project), { mode: '755' })
  const { project } = config
  const { state, lost } = await openState(host, project, log !== undefined)
  if (lost !== undefined) {
    await withHostLock(host, 'mend', () => mendRegistry(host, log ?? silent))
    const [services, claims] = await Promise.all([placeServices(host, config, false), readClaims(host)])
    // At once: a retire unit must not take half of it for the whole.
    await state.atOnce(() => rebuildState(state, { host, project, services, claims, engine: self.engineHash }))
    log?.warning(
      `${at.state(project)} ${lost}: it was rebuilt from what is on the host, without the history of operations.`,
    )
  }
  return {
    host,
    http,
    bound,
    container: new PluginContainer({ bound, host, http, log: log ?? silent, kinds: coreKinds, confine: confined }),
    state,
    secrets: new Secrets(host),
    store: new ContentStore(host),
    background,
    axle: self.axle,
    hash: self.engineHash,
    log: log ?? silent,
  }
}

/** Redacts every value that any service of the project keeps secret on this host. */
export async function projectRedactor(host: Self['host'], config: ResolvedConfig): Promise<(text: string) => string> {
  const secrets = new Secrets(host)
  const values = await Promise.all(config.services.map((service) => secrets.values(service.name)))
  return redactor(values.flatMap((one) => Object.values(one)))
}
