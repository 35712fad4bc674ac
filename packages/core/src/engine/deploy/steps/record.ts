import { domainOf } from '../../engine.ts'
import { withHostLock } from '../../lock/host-lock.ts'
import { registerService } from '../../registry/services.ts'
import { clearStopped } from '../../release/stopped.ts'
import { nothingToUndo, type Step } from '../step.ts'

export const record: Step = {
  name: 'record',
  run: async ({ context, target }) => {
    const { engine } = context
    engine.state.served(target.service.name, target.release, new Date().toISOString())
    await withHostLock(engine.host, 'record', () => registerService(engine.host, target.service, domainOf(engine)))
    await clearStopped(engine.host, target.service.name)
    return target.release
  },
  undo: nothingToUndo,
}
