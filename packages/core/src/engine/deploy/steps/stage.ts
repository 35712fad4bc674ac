import { service as at } from '../../../protocol/layout.ts'
import type { ReleaseRecord } from '../../../protocol/release.ts'
import type { PlacedService, ResolvedService } from '../../../protocol/service.ts'
import { occupant, otherSlot } from '../../release/live.ts'
import { slotEnvironment } from '../../release/slot-environment.ts'
import { encodeEnvironment } from '../../secrets/environment-file.ts'
import { stageRelease } from '../../store/stage-release.ts'
import { groupId } from '../group-id.ts'
import type { Step } from '../step.ts'
import { bytesOf } from '../target.ts'

function unplaced({ project: _, ports: __, ...service }: PlacedService): ResolvedService {
  return service
}

/** The release's files by content, the slot's link to it, and the slot's environment. */
export const stage: Step = {
  name: 'stage',
  run: async ({ context, target }) => {
    const { engine, operation } = context
    const { service, release, slot } = target
    if (target.warm) return undefined
    const at0 = new Date().toISOString()
    const record: ReleaseRecord = {
      v: 1,
      id: release,
      service: unplaced(service),
      files: [...target.files],
      resources: [...target.resources],
      createdAt: at0,
      operation,
      axle: engine.axle,
    }
    engine.state.staged(service.name, release, operation, at0)
    await stageRelease(engine.host, {
      record,
      gid: await groupId(engine.host, service.name),
      store: engine.store,
    })
    await engine.secrets.copyForRelease(service.name, release)
    await engine.host.write(
      at.slotEnv(service.name, slot),
      encodeEnvironment(slotEnvironment(service, slot, release, target.secrets)),
      {
        mode: '600',
      },
    )
    await engine.host.link(at.slot(service.name, slot), `../releases/${release}`)
    return `${target.files.length} files, ${Math.ceil(bytesOf(target.files) / 1000)} kB`
  },
  undo: async ({ context, target }) => {
    const { engine } = context
    const { service, release, slot } = target
    if (target.warm) return
    await engine.host.remove(at.slot(service.name, slot))
    await engine.host.remove(at.slotEnv(service.name, slot))
    engine.state.failed(service.name, release)
    // A release that served well before is somebody's way back: only what never served goes.
    const row = engine.state.releases(service.name).find((one) => one.id === release)
    const elsewhere = await occupant(engine.host, service.name, otherSlot(slot))
    if (row?.outcome === 'good' || elsewhere === release) return
    await engine.host.remove(at.release(service.name, release), { recursive: true })
    await engine.secrets.removeForRelease(service.name, release)
    engine.state.forget(service.name, release)
  },
}
