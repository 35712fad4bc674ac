/**
 * What a config or a plugin imports. Authoring only: nothing here may pull in the SSH client or the engine, because the
 * config's own bundle would carry it.
 */
export * as z from 'zod'
export { codeOf } from './define/behaviour.ts'
export { type Config, type ConfigInput, defineConfig, type PluginList } from './define/config.ts'
export type { Duration } from './define/duration.ts'
export {
  type Comparison,
  defineKind,
  type ResourceKind,
  type ResourceKindDefinition,
  type Seen,
  type Wanted,
} from './define/kind.ts'
export {
  type Capabilities,
  type Check,
  type ContributeEvent,
  type Contributions,
  definePlugin,
  type Hook,
  type HookEvent,
  type Hooks,
  type Plugin,
  type PluginDefinition,
  type ProbeEvent,
  type Verdict,
} from './define/plugin.ts'
export {
  type Endpoint,
  type Gateway,
  type LogQuery,
  RELEASE_HEADER,
  type RoleContext,
  type Slot,
  type SlotLogLine,
  type Supervisor,
  type UnitState,
} from './define/roles.ts'
export { command, node, type Runtime, type RuntimeCode, runtimeOf } from './define/runtime.ts'
export { type SecretReference, secret } from './define/secret.ts'
export {
  defineService,
  type Service,
  type ServiceExtensions,
  type ServiceHooks,
  type ServiceInput,
} from './define/service.ts'
export type {
  Argv,
  DeployedService,
  Facts,
  FileStat,
  Host,
  HostReader,
  Http,
  HttpRequest,
  HttpResponse,
  Logger,
  RunOptions,
  RunResult,
} from './engine/host/host.ts'
export { type HookName, lifecycle } from './lifecycle/table.ts'
export type { ErrorCode } from './protocol/error-catalogue.ts'
export { AxleError, type ErrorDetails } from './protocol/errors.ts'
export { canonicalJson, type Json } from './protocol/json.ts'
export * as layout from './protocol/layout.ts'
export { type Change, OPEN, type Resource, type ResourceInput } from './protocol/resource.ts'
export type { PlacedService, ResolvedGateway, ResolvedService } from './protocol/service.ts'
