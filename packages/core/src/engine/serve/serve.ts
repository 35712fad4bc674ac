import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import { project as at } from '../../protocol/layout.ts'
import { NODE_FLAGS, operationUnit } from '../../protocol/transient-unit.ts'
import type { Hello } from '../../protocol/wire.ts'
import { transientUnits } from '../background/transient-unit.ts'
import { lockedError, lockHolder } from '../lock/lock.ts'
import { openEngine } from '../open-engine.ts'
import { followEvents } from '../operation/event-log.ts'
import type { Self } from '../self.ts'
import { ContentStore } from '../store/content-store.ts'
import { answerQuery } from './answer.ts'
import type { ViewerIo } from './io.ts'
import { operationId } from './operation-id.ts'
import { eventsFile, ProjectFiles } from './project-files.ts'

/**
 * Answers one viewer: a query at once; an operation by starting its engine and following it. Returns the exit code.
 * `standby`: an operation whose engine waits already.
 */
export async function serveRequest(self: Self, hello: Hello, io: ViewerIo, standby?: string): Promise<number> {
  try {
    const { request } = hello
    return request.verb === 'deploy' || request.verb === 'rollback'
      ? await startOperation(self, hello, io, standby)
      : await query(self, hello, io)
  } catch (thrown) {
    const error = AxleError.wrap(thrown)
    await io.send({ t: 'error', error: error.serialize() })
    return error.exit
  }
}

async function contextOf(self: Self, hello: Hello) {
  const files = new ProjectFiles(self.host, hello.project)
  if (hello.config === undefined) {
    const latest = await files.readLatest()
    return {
      files,
      config: await files.readConfig(latest.config),
      configHash: latest.config,
      manifests: latest.manifests,
    }
  }
  return {
    files,
    config: hello.config,
    configHash: await files.writeConfig(hello.config),
    manifests: hello.manifests ?? {},
  }
}

async function query(self: Self, hello: Hello, io: ViewerIo): Promise<number> {
  io.expectNothing()
  const { config, manifests } = await contextOf(self, hello)
  const engine = await openEngine(self, config)
  try {
    return await answerQuery(engine, hello.request, manifests, io)
  } finally {
    engine.state.close()
  }
}

async function startOperation(self: Self, hello: Hello, io: ViewerIo, standby: string | undefined): Promise<number> {
  const { host } = self
  const held = lockHolder(host.path(at.lock(hello.project)))
  if (held !== undefined) throw lockedError(held)
  const operation = standby ?? operationId(new Date())
  const unit = operationUnit(hello.project, operation)
  const background = transientUnits(host)
  const waits = standby === undefined ? false : background.active(unit)
  const { files, configHash, manifests } = await contextOf(self, hello)
  if (hello.config !== undefined && hello.request.verb === 'deploy') await receive(new ContentStore(host), hello, io)
  io.expectNothing()
  await files.writeOperation({
    operation,
    unit,
    config: configHash,
    actor: hello.actor,
    request: hello.request,
    manifests,
  })
  if (!(await waits)) {
    const argv = [self.node, ...NODE_FLAGS, self.enginePath, 'run', hello.project, operation] as const
    await background.start(unit, `Axle: operation of ${hello.project}`, argv)
  }
  await io.send({ t: 'accepted', op: operation, unit })
  const events = followEvents(host.path(eventsFile(hello.project, operation)), () => background.active(unit), io.signal)
  for await (const event of events) {
    await io.send({ t: 'event', event })
    if (event.type === 'result') return event.exit
  }
  if (io.signal.aborted) return EXIT.interrupted
  throw new AxleError('AXLE_ENGINE_DIED', `The engine of ${operation} ended without a result (unit ${unit}).`, {
    hint: `Look at: journalctl -u ${unit}; then at: axle status`,
  })
}

async function receive(store: ContentStore, hello: Hello, io: ViewerIo): Promise<void> {
  const announced = Object.values(hello.manifests ?? {}).flat()
  const wanted = new Set(await store.has(announced))
  const take = async () => {
    for await (const { sha256, size, chunks } of io.blobs()) {
      if (wanted.delete(sha256)) await store.receive(sha256, size, chunks)
      else if (announced.some((one) => 'sha256' in one && one.sha256 === sha256)) await drain(chunks)
      else throw new AxleError('AXLE_WIRE', 'The viewer sent a content that nobody asked for.')
    }
  }
  // What the viewer took for missing came with its first message; it is asked for the rest.
  if (hello.ahead === true) await take()
  await io.send({ t: 'missing', sha256: [...wanted] })
  if (wanted.size > 0) await take()
  await store.settled()
  if (wanted.size > 0) throw new AxleError('AXLE_WIRE', `${wanted.size} contents did not arrive.`)
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}
