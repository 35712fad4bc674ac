import type { PlacedService } from '../../protocol/service.ts'
import type { Engine } from '../engine.ts'
import { liveOf, slotOf } from '../release/live.ts'
import { readStopped } from '../release/stopped.ts'
import type { Survey } from '../resources/survey.ts'
import { isIdle, type Target } from './target.ts'

export const NOTHING: Survey = { changes: [], inspections: new Map() }

/**
 * What a stop is about: two units, and nothing of what they run. A record that is damaged, a plugin that is gone or a
 * secret that cannot be read are no reason to let a service run on.
 */
export async function stopTarget(engine: Engine, service: PlacedService): Promise<Target> {
  const { host, container } = engine
  const live = await liveOf(engine, service.name)
  const [a, b, mark] = await Promise.all([
    container.supervisor.state(slotOf(service, 'a')),
    container.supervisor.state(slotOf(service, 'b')),
    readStopped(host, service.name, engine.log),
  ])
  const states = { a, b }
  const stopped = mark !== undefined
  return {
    service,
    release: live.release ?? '',
    files: [],
    resources: [],
    secrets: {},
    states,
    previous: live.release,
    liveSlot: live.slot,
    slot: live.slot,
    stopped,
    action: stopped && isIdle(states) ? 'unchanged' : 'stop',
    gap: false,
    warm: false,
    survey: NOTHING,
    orphans: [],
  }
}
