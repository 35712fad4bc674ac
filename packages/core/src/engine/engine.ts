import type { Actor, EventBody } from '../protocol/events.ts'
import type { PlacedService } from '../protocol/service.ts'
import type { Background } from './background/background.ts'
import type { Bound } from './bind/bind.ts'
import type { Http, Logger } from './host/host.ts'
import type { LocalHost } from './host/local-host.ts'
import type { PluginContainer } from './plugins/container.ts'
import type { Secrets } from './secrets/secrets.ts'
import type { State } from './state/state.ts'
import type { ContentStore } from './store/content-store.ts'

/** What every part of the engine works with. Made once a process. */
export interface Engine {
  readonly host: LocalHost
  readonly http: Http
  readonly bound: Bound
  readonly container: PluginContainer
  readonly state: State
  readonly secrets: Secrets
  readonly store: ContentStore
  readonly background: Background
  /** Version of Axle. */
  readonly axle: string
  /** Content hash of this engine's bundle. */
  readonly hash: string
  readonly log: Logger
}

/** An engine while it runs one operation. */
export interface OperationContext {
  readonly engine: Engine
  readonly operation: string
  readonly actor: Actor
  readonly signal: AbortSignal
  readonly now: boolean
  emit(event: EventBody): void
}

export function domainOf(engine: Engine): string | undefined {
  return engine.bound.config.gateway.domain
}

/** Environment names that a service declares as secrets, and what they stand for. */
export function secretsOf(
  service: PlacedService,
): readonly { readonly variable: string; readonly secret: string; readonly optional: boolean }[] {
  return Object.entries(service.env).flatMap(([variable, value]) =>
    typeof value === 'string' ? [] : [{ variable, secret: value.secret, optional: value.optional }],
  )
}
