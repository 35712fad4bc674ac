import { codeOf } from '../../define/behaviour.ts'
import { flattenPlugins, isConfig, isService } from '../../define/config.ts'
import type { PluginCode } from '../../define/plugin.ts'
import type { Service, ServiceHooks } from '../../define/service.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { ResolvedConfig } from '../../protocol/service.ts'

/** A resolved config with the functions that its names stand for. The JSON is the truth; the bundle only lends its functions. */
export interface Bound {
  readonly config: ResolvedConfig
  readonly plugins: readonly PluginCode[]
  readonly hooks: ReadonlyMap<string, ServiceHooks>
}

function missing(what: string): AxleError {
  return new AxleError('AXLE_BINDING', `The config names ${what}, but the code that came with it has none.`)
}

/** `authored` is what the bundle's copy of the config exports by default. */
export function bind(config: ResolvedConfig, authored: unknown): Bound {
  if (!isConfig(authored)) throw new AxleError('AXLE_BINDING', 'The bundle carries no config.')
  const input = codeOf(authored)
  const codes = new Map(flattenPlugins(input.plugins ?? []).map((plugin) => [plugin.kind, codeOf(plugin)]))
  const services = new Map(input.services.filter(isService).map((one: Service) => [codeOf(one).name, codeOf(one)]))
  const hooks = new Map<string, ServiceHooks>()
  for (const service of config.services) {
    if (service.hooks.length === 0) continue
    const declared: ServiceHooks = services.get(service.name)?.hooks ?? {}
    const names = Object.keys(declared)
    for (const name of service.hooks) {
      if (!names.includes(name)) throw missing(`the hook ${name} of service ${service.name}`)
    }
    hooks.set(service.name, declared)
  }
  const plugins = config.plugins.map(({ kind, options }) => {
    const code = codes.get(kind)
    if (code === undefined) throw missing(`the plugin ${kind}`)
    const plugin = code.withOptions(options)
    if (!plugin.parseOptions().success)
      throw new AxleError('AXLE_BINDING', `The config has options for the plugin ${kind} that its code does not know.`)
    return plugin
  })
  return { config, plugins, hooks }
}
