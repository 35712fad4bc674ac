import type { Argv, Host, Logger } from '../engine/host/host.ts'
import type { SlotName } from '../protocol/layout.ts'
import type { PlacedService, ResolvedGateway } from '../protocol/service.ts'

/** One of the two places where a release of a service can run. */
export interface Slot {
  readonly service: PlacedService
  readonly name: SlotName
  readonly port: number | undefined
}

export interface UnitState {
  readonly state: 'active' | 'starting' | 'stopping' | 'inactive' | 'failed'
  readonly pid?: number
  /** ISO 8601: since when it is in this state. */
  readonly since?: string
  /** Restarts by the supervisor since it was last started. */
  readonly restarts: number
  /** How the last process ended, in words: `exit code 1`, `signal KILL`. */
  readonly ended?: string
}

export interface LogQuery {
  readonly lines: number
  readonly since?: string | undefined
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

export interface SlotLogLine {
  readonly time: string
  readonly slot: SlotName
  readonly message: string
}

/** Runs slots. Exactly one plugin of a config provides it. */
export interface Supervisor {
  /** Throws AXLE_NOT_OURS where something on the host has a name that the service needs, and is not ours. Changes nothing. */
  check(service: PlacedService): Promise<void>
  /** Resolves once the process is started, not once it is healthy. Starting what runs changes nothing. */
  start(slot: Slot): Promise<void>
  /** Resolves once it has ended. Stopping what does not run changes nothing. */
  stop(slot: Slot): Promise<void>
  restart(slot: Slot): Promise<void>
  state(slot: Slot): Promise<UnitState>
  /** Makes `slot` the one that has the service's own name and starts with the host. Idempotent. */
  adopt(slot: Slot): Promise<void>
  /** No slot has the service's name any more. Idempotent. */
  disown(service: PlacedService): Promise<void>
  logs(slots: readonly Slot[], query: LogQuery): AsyncIterable<SlotLogLine>
  /** Pure: `argv` as the service's user, in the service's sandbox. */
  confine(service: PlacedService, argv: Argv): Argv
  /**
   * Pure: `argv` beside the slot's own process, as its user, in its release's folder, with its environment and sandbox,
   * as a unit of this name. Passes its three streams on, and ends with its exit code (128 + n after signal n).
   */
  inside(slot: Slot, argv: Argv, as: { readonly unit: string; readonly description: string }): Argv
}

export interface Endpoint {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Sends requests to the slot that the flag names. Exactly one plugin of a config provides it. Each answer that comes from
 * a service carries `x-axle-release`: the release that the slot holds.
 */
export interface Gateway {
  /** Throws where the host lacks what the gateway needs, such as its program. Changes nothing. */
  check(): Promise<void>
  /** Where a request on this host reaches the service through the gateway; `undefined` for a service without a route. */
  endpoint(service: PlacedService): Endpoint | undefined
  /** Called after the flag was flipped, for gateways that do not look at it themselves. */
  switchTo(slot: Slot): Promise<void>
  /** Connections from the gateway to the slot that are still open. */
  connections(slot: Slot): Promise<number>
  /** Where people reach it, for the screen: `http://198.18.0.2/`. */
  address(gateway: ResolvedGateway): string
}

export const RELEASE_HEADER = 'x-axle-release'

/** What a role's provider is made with, on the host. */
export interface RoleContext<O> {
  readonly host: Host
  readonly options: O
  readonly gateway: ResolvedGateway
  readonly log: Logger
}

export interface Roles {
  readonly supervisor: Supervisor
  readonly gateway: Gateway
}
export type RoleName = keyof Roles
