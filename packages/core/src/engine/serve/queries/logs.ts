import type { Request } from '../../../protocol/wire.ts'
import type { Engine } from '../../engine.ts'
import { projectRedactor } from '../../open-engine.ts'
import { slotOf } from '../../release/live.ts'
import type { ViewerIo } from '../io.ts'
import { askedServices } from './services.ts'

/** Lines of both slots of each service; several services side by side, as they come. */
export async function logs(engine: Engine, request: Extract<Request, { verb: 'logs' }>, io: ViewerIo): Promise<void> {
  const services = await askedServices(engine, request.services)
  const redact = await projectRedactor(engine.host, engine.bound.config)
  const query = { lines: request.lines, since: request.since, follow: request.follow, signal: io.signal }
  const one = async (service: (typeof services)[number]) => {
    const slots = [slotOf(service, 'a'), slotOf(service, 'b')]
    for await (const { time, slot, message } of engine.container.supervisor.logs(slots, query)) {
      await io.send({ t: 'line', line: { time, slot, service: service.name, message: redact(message) } })
    }
  }
  await Promise.all(services.map(one))
}
