import type { ResourceKind } from '../../define/kind.ts'
import type { Capabilities, Check, PluginCode, ProbeEvent, Verdict } from '../../define/plugin.ts'
import { normaliseHook } from '../../define/plugin.ts'
import type { Gateway, Roles, Supervisor } from '../../define/roles.ts'
import { type Listener, runHook } from '../../lifecycle/pipeline.ts'
import type { HookData, HookName } from '../../lifecycle/table.ts'
import { AxleError } from '../../protocol/errors.ts'
import { type Resource, resource } from '../../protocol/resource.ts'
import type { PlacedService, ResolvedGateway } from '../../protocol/service.ts'
import type { Bound } from '../bind/bind.ts'
import type { Argv, Facts, Host, Http, Logger } from '../host/host.ts'

export interface ContainerParts {
  readonly bound: Bound
  readonly host: Host
  readonly http: Http
  readonly log: Logger
  /** Kinds of core, beside those that plugins bring. */
  readonly kinds: readonly ResourceKind[]
  /** A host whose commands run under `wrap`, and that writes nothing. */
  confine(host: Host, wrap: (argv: Argv) => Argv): Host
}

export interface Contributed {
  readonly resources: readonly Resource[]
  readonly checks: readonly (Check & { readonly plugin: string })[]
}

/** The plugins of one config on one host: the only place where core calls plugin code, so the only place that stamps its errors. */
export class PluginContainer {
  readonly kinds: ReadonlyMap<string, ResourceKind>
  readonly supervisor: Supervisor
  readonly gateway: Gateway
  readonly #parts: ContainerParts
  readonly #plugins: ReadonlyMap<string, PluginCode>

  constructor(parts: ContainerParts) {
    const { plugins } = parts.bound
    this.#parts = parts
    this.#plugins = new Map(plugins.map((plugin) => [plugin.name, plugin]))
    this.kinds = new Map([
      ...parts.kinds.map((kind) => [kind.name, kind] as const),
      ...plugins.flatMap((plugin) => plugin.kinds.map((kind) => [`${plugin.name}/${kind.name}`, kind] as const)),
    ])
    this.supervisor = this.#provide('supervisor', (plugin, context) => plugin.supervisor(context))
    this.gateway = this.#provide('gateway', (plugin, context) => plugin.gateway(context))
  }

  #provide<R extends keyof Roles>(
    role: R,
    make: (plugin: PluginCode, context: { host: Host; gateway: ResolvedGateway; log: Logger }) => Roles[R] | undefined,
  ): Roles[R] {
    const { bound, host, log } = this.#parts
    const providers = bound.plugins.filter((plugin) => plugin.provides.includes(role))
    const [only] = providers
    if (only === undefined || providers.length > 1) {
      const names = providers.map((plugin) => plugin.name).join(', ')
      throw new AxleError(
        'AXLE_ROLE',
        only === undefined ? `No plugin provides the ${role}.` : `${names} all provide the ${role}.`,
      )
    }
    const made = make(only, { host, gateway: bound.config.gateway, log })
    if (made === undefined)
      throw new AxleError('AXLE_PLUGIN', `Plugin ${only.name} says it provides the ${role}, and does not.`)
    return made
  }

  contribute(facts: Facts, services: readonly PlacedService[]): Contributed {
    const { config } = this.#parts.bound
    const resources: Resource[] = []
    const checks: (Check & { plugin: string })[] = []
    for (const plugin of this.#plugins.values()) {
      try {
        const given = plugin.contribute({ project: config.project, facts, gateway: config.gateway, services })
        for (const one of given.resources ?? []) resources.push(resource.parse(one))
        for (const one of given.checks ?? []) checks.push({ ...one, plugin: plugin.name })
      } catch (thrown) {
        throw AxleError.wrap(thrown, 'AXLE_PLUGIN').stamped({ plugin: plugin.name, hook: 'contribute' })
      }
    }
    return { resources, checks }
  }

  async hook<K extends HookName>(
    name: K,
    service: PlacedService,
    data: HookData<K>,
    signal: AbortSignal,
  ): Promise<void> {
    const { bound, host, http, log } = this.#parts
    const listeners: Listener<HookData<K> & Capabilities>[] = []
    for (const plugin of this.#plugins.values()) {
      const hook = plugin.hook(name)
      if (hook !== undefined) {
        const { order, within, root } = hook
        listeners.push({ owner: plugin.name, order, within, root, run: (event) => hook.run(event) })
      }
    }
    const own = bound.hooks.get(service.name)?.[name]
    if (own !== undefined) {
      const { handler, ...rest } = normaliseHook<HookData<K> & Capabilities>(own)
      listeners.push({ owner: `service ${service.name}`, ...rest, run: handler })
    }
    const confined = this.#parts.confine(host, (argv) => this.supervisor.confine(service, argv))
    await runHook<K, HookData<K> & Capabilities>(
      name,
      listeners,
      (listener, hookSignal) =>
        Object.assign({}, data, { host: listener.root ? host : confined, http, log, signal: hookSignal }),
      log,
      signal,
    )
  }

  async handle(handler: string, signal: AbortSignal): Promise<void> {
    const { host, http, log } = this.#parts
    const [name = '', what = ''] = handler.split('/')
    const plugin = this.#plugins.get(name)
    if (plugin === undefined || !plugin.handlers.includes(what)) {
      throw new AxleError('AXLE_PLUGIN', `A resource notifies "${handler}", which no plugin has.`)
    }
    try {
      await plugin.handle(what, { host, http, log, signal })
    } catch (thrown) {
      throw AxleError.wrap(thrown, 'AXLE_RESOURCE').stamped({ plugin: name, handler: what })
    }
  }

  /** Runs a contributed check within its deadline. A probe that throws has failed. */
  async probe(
    check: Check & { readonly plugin: string },
    event: Omit<ProbeEvent, 'options' | 'signal' | 'http' | 'log' | 'host'>,
  ): Promise<Verdict> {
    const probe = this.#plugins.get(check.plugin)?.probes[check.kind]
    if (probe === undefined)
      throw new AxleError(
        'AXLE_PLUGIN',
        `Check ${check.id} wants the probe "${check.kind}", which ${check.plugin} has not.`,
      )
    const { host, http, log } = this.#parts
    const signal = AbortSignal.timeout(check.within)
    const late = Promise.withResolvers<Verdict>()
    signal.addEventListener('abort', () => late.resolve({ ok: false, detail: `no answer within ${check.within} ms` }), {
      once: true,
    })
    try {
      return await Promise.race([probe({ ...event, options: check.options, host, http, log, signal }), late.promise])
    } catch (thrown) {
      return { ok: false, detail: thrown instanceof Error ? thrown.message : String(thrown) }
    }
  }
}
