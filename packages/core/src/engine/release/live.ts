import { basename } from 'node:path'
import type { Slot } from '../../define/roles.ts'
import { service as at, type SlotName, SWITCH } from '../../protocol/layout.ts'
import type { PlacedService } from '../../protocol/service.ts'
import type { Host, HostReader } from '../host/host.ts'
import type { State } from '../state/state.ts'

export interface Live {
  /** The slot that the flag names. */
  readonly slot: SlotName
  /** The release that serves; `undefined` where none was ever live. */
  readonly release: string | undefined
}

export const otherSlot = (slot: SlotName): SlotName => (slot === 'a' ? 'b' : 'a')

export async function flagSlot(host: Pick<HostReader, 'stat'>, service: string): Promise<SlotName> {
  return (await host.stat(at.flag(service))) === undefined ? 'a' : 'b'
}

async function linkTarget(host: Pick<HostReader, 'stat'>, path: string): Promise<string | undefined> {
  const seen = await host.stat(path)
  return seen?.type === 'link' && seen.target !== undefined ? basename(seen.target) : undefined
}

/** The release that a slot holds, whether it runs or not. */
export function occupant(host: Pick<HostReader, 'stat'>, service: string, slot: SlotName): Promise<string | undefined> {
  return linkTarget(host, at.slot(service, slot))
}

/**
 * The flag alone decides which slot is live. Whether anything was live at all, the state knows; where that was lost,
 * `current` is the next best witness.
 */
export async function liveOf({ host, state }: Witnesses, service: string): Promise<Live> {
  const slot = await flagSlot(host, service)
  const release = await occupant(host, service, slot)
  if (release === undefined) return { slot, release }
  const served = state.hasServed(service, release) || (await host.stat(at.current(service))) !== undefined
  return { slot, release: served ? release : undefined }
}

interface Witnesses {
  readonly host: Pick<HostReader, 'stat'>
  readonly state: Pick<State, 'hasServed'>
}

/** The commit point: one rename, or one unlink. */
export async function flip(host: Host, service: string, slot: SlotName): Promise<void> {
  if (slot === 'a') return host.remove(at.flag(service))
  await host.makeDirectory(SWITCH, { mode: '755' })
  await host.write(at.flag(service), 'b\n', { mode: '644' })
}

export function slotOf(service: PlacedService, name: SlotName): Slot {
  return { service, name, port: service.ports?.[name] }
}

/** `current` and `.env` follow the flag; nothing reads them to decide anything. */
export async function linkLive(host: Host, service: string, slot: SlotName, release: string): Promise<void> {
  const wanted = { [at.current(service)]: `releases/${release}`, [at.env(service)]: `slots/${slot}.env` }
  for (const [path, target] of Object.entries(wanted)) {
    if ((await host.stat(path))?.target !== target) await host.link(path, target)
  }
}
