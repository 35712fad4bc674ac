import type { UnitState } from '../../define/roles.ts'
import type { SlotName } from '../../protocol/layout.ts'
import type { Manifest } from '../../protocol/release.ts'
import type { Resource } from '../../protocol/resource.ts'
import type { PlacedService } from '../../protocol/service.ts'
import type { Survey } from '../resources/survey.ts'
import type { Environment } from '../secrets/environment-file.ts'

/** What one operation wants of one service, and what stands in the way of it: computed, nothing changed yet. */
export interface Target {
  readonly service: PlacedService
  readonly release: string
  readonly files: Manifest
  /** Of its two units, as they were when all this was computed. */
  readonly states: Readonly<Record<SlotName, UnitState>>
  /** Of scope `service`, with slot, port and release left open. */
  readonly resources: readonly Resource[]
  readonly secrets: Environment
  /** What serves now. */
  readonly previous: string | undefined
  readonly liveSlot: SlotName
  readonly slot: SlotName
  /** Marked as stopped by somebody. It may run all the same, started by hand: `states` say. */
  readonly stopped: boolean
  /** `deploy`: through the other slot. `repair`: the right release, but something around it differs. */
  readonly action: 'deploy' | 'repair' | 'stop' | 'unchanged'
  /** The old release stops before the new one starts. */
  readonly gap: boolean
  /** The wanted release still runs in the other slot: nothing to stage or start. */
  readonly warm: boolean
  readonly survey: Survey
  /** Made by us for this service, and no longer wanted. */
  readonly orphans: readonly Resource[]
}

export function bytesOf(files: Manifest): number {
  return files.reduce((sum, entry) => sum + ('size' in entry ? entry.size : 0), 0)
}

export function isUp({ state }: UnitState): boolean {
  return state === 'active' || state === 'starting'
}

export function isIdle({ a, b }: Target['states']): boolean {
  return [a, b].every(({ state }) => state === 'inactive' || state === 'failed')
}
