import * as z from 'zod'
import type { Facts, Host, Http, Logger } from '../engine/host/host.ts'
import type { HookData, HookName } from '../lifecycle/table.ts'
import type { Json } from '../protocol/json.ts'
import type { ResourceInput } from '../protocol/resource.ts'
import type { PlacedService, ResolvedGateway } from '../protocol/service.ts'
import { type Behaviour, type WithCode, withCode } from './behaviour.ts'
import type { ResourceKind } from './kind.ts'
import { pluginName } from './names.ts'
import type { RoleContext, Roles } from './roles.ts'

/** What everything that acts gets besides its data. */
export interface Capabilities {
  /** Commands run as the service's user, in its sandbox, unless the hook declares `root: true`. */
  readonly host: Host
  readonly http: Http
  readonly log: Logger
  /** Aborted at the deadline, and when the operation ends. */
  readonly signal: AbortSignal
}

export type HookEvent<K extends HookName, O> = HookData<K> & Capabilities & { readonly options: O }
export type HookHandler<E> = (event: E) => void | Promise<void>

export type Hook<E> =
  | HookHandler<E>
  | {
      /** Before or after the listeners that declare none. */
      readonly order?: 'pre' | 'post'
      /** Deadline in milliseconds, in place of the row's. */
      readonly within?: number
      /** `host.run` runs as root, outside the sandbox. */
      readonly root?: true
      readonly handler: HookHandler<E>
    }

export type Hooks<O> = { readonly [K in HookName]?: Hook<HookEvent<K, O>> }

/** A probe with a deadline. `kind` is a key of the plugin's `probes`. */
export interface Check {
  readonly id: string
  readonly kind: string
  readonly options: Json
  readonly service?: string
  /** Milliseconds. */
  readonly within: number
  /** Must pass before the candidate gets traffic, or through the gateway after the switch. Without it, only `axle health` runs it. */
  readonly gates?: 'candidate' | 'gateway'
  readonly severity: 'warning' | 'critical'
}

export interface Verdict {
  readonly ok: boolean
  readonly detail: string
}

export interface ProbeEvent extends Capabilities {
  readonly options: Json
  readonly service: PlacedService | undefined
  /** Where to reach what is probed, if it has a port. */
  readonly url: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

export interface Contributions {
  readonly resources?: readonly ResourceInput[]
  readonly checks?: readonly Check[]
}

export interface ContributeEvent<O, S> {
  readonly options: O
  readonly project: string
  readonly facts: Facts
  readonly gateway: ResolvedGateway
  readonly services: readonly PlacedService[]
  /** What a service says under this plugin's name, parsed; `undefined` where it says nothing and the schema has no default. */
  of(service: PlacedService): S | undefined
}

export interface PluginDefinition<N extends string, O extends z.ZodType, S extends z.ZodType> {
  readonly name: N
  /** Range of @axle-ia/core that it supports, by npm's rules. */
  readonly core: string
  /** The factory takes the schema's input, everything else gets its output. */
  readonly options: O
  /** Validates the key of its name on a service; add the type to `ServiceExtensions` by module augmentation. */
  readonly service?: S
  /** Registered as `name/kind`. */
  readonly kinds?: readonly ResourceKind[]
  /** Pure: data from data. */
  contribute?(event: ContributeEvent<z.output<O>, z.output<S>>): Contributions
  /** What `notify: ['name/handler']` runs, once, at the end of a phase. */
  readonly handlers?: Readonly<
    Record<string, (event: Capabilities & { readonly options: z.output<O> }) => Promise<void>>
  >
  readonly probes?: Readonly<Record<string, (event: ProbeEvent) => Promise<Verdict>>>
  readonly provides?: {
    readonly [R in keyof Roles]?: (context: RoleContext<z.output<O>>) => Roles[R]
  }
  readonly hooks?: Hooks<z.output<O>>
}

/** A plugin's code with its option types kept to itself: what client and engine work with. */
export interface PluginCode {
  readonly name: string
  readonly core: string
  readonly provides: readonly (keyof Roles)[]
  readonly hooks: readonly HookName[]
  readonly kinds: readonly ResourceKind[]
  readonly probes: Readonly<Record<string, (event: ProbeEvent) => Promise<Verdict>>>
  readonly handlers: readonly string[]
  /** The same plugin with other options: on the host these are the config's JSON, not what a factory computes there. */
  withOptions(options: Json): PluginCode
  /** Parses what the factory was given; issues are reported under `plugins[i].options`. */
  parseOptions(): z.ZodSafeParseResult<unknown>
  /** Parses a service's key; `undefined` where the plugin takes none. */
  readonly service: z.ZodType | undefined
  contribute(event: Omit<ContributeEvent<never, never>, 'options' | 'of'>): Contributions
  handle(handler: string, capabilities: Capabilities): Promise<void>
  hook<K extends HookName>(name: K): BoundHook<K> | undefined
  supervisor(context: Omit<RoleContext<never>, 'options'>): Roles['supervisor'] | undefined
  gateway(context: Omit<RoleContext<never>, 'options'>): Roles['gateway'] | undefined
}

export interface BoundHook<K extends HookName> {
  readonly order: 'pre' | 'post' | undefined
  readonly within: number | undefined
  readonly root: boolean
  run(event: HookData<K> & Capabilities): void | Promise<void>
}

export interface Plugin<N extends string = string> extends Behaviour, WithCode<PluginCode> {
  readonly kind: N
}

export function normaliseHook<E>(hook: Hook<E>): {
  readonly order: 'pre' | 'post' | undefined
  readonly within: number | undefined
  readonly root: boolean
  readonly handler: HookHandler<E>
} {
  if (typeof hook === 'function') return { order: undefined, within: undefined, root: false, handler: hook }
  return { order: hook.order, within: hook.within, root: hook.root ?? false, handler: hook.handler }
}

/** Makes a factory: `nginx({ … })` is the plugin with its options. */
export function definePlugin<const N extends string, O extends z.ZodType, S extends z.ZodType = z.ZodNever>(
  definition: PluginDefinition<N, O, S>,
): (...options: Record<never, never> extends z.input<O> ? [options?: z.input<O>] : [options: z.input<O>]) => Plugin<N> {
  pluginName.parse(definition.name)
  return (...[given]) => {
    const input = given ?? {}
    return withCode(
      { kind: definition.name, options: z.json().parse(JSON.parse(JSON.stringify(input))) },
      bind(definition, input),
    )
  }
}

function bind<N extends string, O extends z.ZodType, S extends z.ZodType>(
  definition: PluginDefinition<N, O, S>,
  input: unknown,
): PluginCode {
  // Parsed when first needed: a config with wrong options must load, so that the error can name their place in it.
  let parsed: { readonly options: z.output<O> } | undefined
  const options = (): z.output<O> => {
    parsed ??= { options: definition.options.parse(input) }
    return parsed.options
  }
  const { provides = {}, hooks = {}, handlers = {} } = definition
  return {
    name: definition.name,
    core: definition.core,
    provides: (['supervisor', 'gateway'] as const).filter((role) => provides[role] !== undefined),
    hooks: Object.keys(hooks).filter((name): name is HookName => name in hooks),
    kinds: definition.kinds ?? [],
    probes: definition.probes ?? {},
    handlers: Object.keys(handlers),
    withOptions: (other) => bind(definition, other),
    parseOptions: () => definition.options.safeParse(input),
    service: definition.service,
    contribute: (event) =>
      definition.contribute?.({
        ...event,
        options: options(),
        of: (service) => {
          const given = service.extensions[definition.name]
          if (definition.service === undefined) return undefined
          const result = definition.service.safeParse(given)
          return result.success ? result.data : undefined
        },
      }) ?? {},
    handle: async (name, capabilities) => handlers[name]?.({ ...capabilities, options: options() }),
    hook: (name) => {
      const hook = hooks[name]
      if (hook === undefined) return undefined
      const { order, within, root, handler } = normaliseHook(hook)
      return { order, within, root, run: (event) => handler({ ...event, options: options() }) }
    },
    supervisor: (context) => provides.supervisor?.({ ...context, options: options() }),
    gateway: (context) => provides.gateway?.({ ...context, options: options() }),
  }
}
