import { randomBytes } from 'node:crypto'
import type { Actor } from '../../protocol/events.ts'
import { EXIT } from '../../protocol/exit.ts'
import type { Request } from '../../protocol/wire.ts'
import { neverDeployed } from '../deploy/select.ts'
import { recordedSource } from '../deploy/source.ts'
import type { Engine } from '../engine.ts'
import { pipeCommand } from '../host/pipe-command.ts'
import { liveOf, slotOf } from '../release/live.ts'
import type { ViewerIo } from './io.ts'
import { askedServices } from './queries/services.ts'

/**
 * Runs a command where and as the service's live release runs. No operation: it takes no lock and changes nothing of
 * Axle's. That it ran, and for whom, stands in the unit's description, and so in systemd's journal; what its arguments
 * were does not, because they may be secrets.
 */
export async function execute(
  engine: Engine,
  request: Extract<Request, { verb: 'exec' }>,
  actor: Actor,
  io: ViewerIo,
): Promise<number> {
  // At once: from here on the end of the viewer's stream is noticed.
  const input = io.input()
  const [placed] = await askedServices(engine, [request.service])
  const { slot, release } = await liveOf(engine, request.service)
  if (placed === undefined || release === undefined) throw neverDeployed(request.service)
  // With the runtime and ports that the release was recorded with: the config may have changed since.
  const { service } = await recordedSource(engine, placed, release)
  const unit = `axle-exec-${service.name}-${randomBytes(4).toString('hex')}.service`
  const description = `Axle: a command in ${service.name}, for ${printable(actor.user)}@${printable(actor.host)}`
  const argv = engine.container.supervisor.inside(slotOf(service, slot), request.argv, { unit, description })
  const exit = await pipeCommand(argv, {
    input: took(input, io),
    output: (stream, bytes) => io.output(stream, bytes),
    signal: io.signal,
    stop: () => engine.background.stop(unit),
  })
  return io.signal.aborted ? EXIT.interrupted : exit
}

/** Tells the viewer what was taken, so that it sends more. */
async function* took(input: AsyncIterable<Uint8Array>, io: ViewerIo): AsyncGenerator<Uint8Array> {
  for await (const bytes of input) {
    yield bytes
    await io.send({ t: 'took', bytes: bytes.length })
  }
}

function printable(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ._@+-]/gu, '?').slice(0, 64)
}
