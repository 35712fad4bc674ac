import { project as at } from '../protocol/layout.ts'
import type { ResolvedConfig } from '../protocol/service.ts'
import type { Background } from './background/background.ts'
import { transientUnits } from './background/transient-unit.ts'
import { bind } from './bind/bind.ts'
import type { Engine } from './engine.ts'
import { confined } from './host/confined-host.ts'
import type { Logger } from './host/host.ts'
import { http } from './host/http.ts'
import { PluginContainer } from './plugins/container.ts'
import { coreKinds } from './resources/kinds/index.ts'
import { redactor } from './secrets/redact.ts'
import { Secrets } from './secrets/secrets.ts'
import type { Self } from './self.ts'
import { State } from './state/state.ts'
import { ContentStore } from './store/content-store.ts'

const silent: Logger = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

/** An engine over this host: everything that is looked up once. */
export async function openEngine(
  self: Self,
  config: ResolvedConfig,
  log: Logger = silent,
  background: Background = transientUnits(self.host),
): Promise<Engine> {
  const { host } = self
  const bound = bind(config, self.authored)
  await host.makeDirectory(at.directory(config.project), { mode: '755' })
  return {
    host,
    http,
    bound,
    container: new PluginContainer({ bound, host, http, log, kinds: coreKinds, confine: confined }),
    state: new State(host.path(at.state(config.project))),
    secrets: new Secrets(host),
    store: new ContentStore(host),
    background,
    axle: self.axle,
    hash: self.engineHash,
    log,
  }
}

/** Redacts every value that any service of the project keeps secret on this host. */
export async function projectRedactor(host: Self['host'], config: ResolvedConfig): Promise<(text: string) => string> {
  const secrets = new Secrets(host)
  const values = await Promise.all(config.services.map((service) => secrets.values(service.name)))
  return redactor(values.flatMap((one) => Object.values(one)))
}
