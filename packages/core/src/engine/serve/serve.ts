import { AxleError } from '../../protocol/errors.ts'
import { EXIT } from '../../protocol/exit.ts'
import { project as at } from '../../protocol/layout.ts'
import type { Hello } from '../../protocol/wire.ts'
import { transientUnits } from '../background/transient-unit.ts'
import { lockedError, lockHolder } from '../lock/lock.ts'
import { openEngine } from '../open-engine.ts'
import { followEvents } from '../operation/event-log.ts'
import { clockWarning } from '../preflight/clock.ts'
import { checkRoom, needOfContents, needOfRelease } from '../preflight/disk.ts'
import type { Self } from '../self.ts'
import { ContentStore } from '../store/content-store.ts'
import { answerQuery } from './answer.ts'
import type { ViewerIo } from './io.ts'
import { operationId } from './operation-id.ts'
import { eventsFile, NODE_FLAGS, ProjectFiles } from './project-files.ts'

/** Answers one viewer: a query at once; an operation by starting its engine and following it. Returns the exit code. */
export async function serveRequest(self: Self, hello: Hello, io: ViewerIo): Promise<number> {
  try {
    const { request } = hello
    return request.verb === 'deploy' || request.verb === 'rollback'
      ? await startOperation(self, hello, io)
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

async function startOperation(self: Self, hello: Hello, io: ViewerIo): Promise<number> {
  const { host } = self
  const warning = hello.time === undefined ? undefined : clockWarning(hello.time, new Date().toISOString())
  const held = lockHolder(host.path(at.lock(hello.project)))
  if (held !== undefined) throw lockedError(held)
  const { files, configHash, manifests } = await contextOf(self, hello)
  if (hello.config !== undefined && hello.request.verb === 'deploy') await receive(host, hello, io)
  io.expectNothing()
  const operation = operationId(new Date())
  const unit = `axle-${hello.project}-${operation}.service`
  await files.writeOperation({
    operation,
    unit,
    config: configHash,
    actor: hello.actor,
    request: hello.request,
    manifests,
    ...(warning === undefined ? {} : { warning }),
  })
  const background = transientUnits(host)
  await background.start(unit, `Axle: ${hello.request.verb} of ${hello.project}`, [
    self.node,
    ...NODE_FLAGS,
    self.enginePath,
    'run',
    hello.project,
    operation,
  ])
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

async function receive(host: Self['host'], hello: Hello, io: ViewerIo): Promise<void> {
  const store = new ContentStore(host)
  const files = Object.values(hello.manifests ?? {}).flat()
  const missing = await store.has(files)
  await checkRoom(host, [needOfContents(files, missing), await needOfRelease(host, files)])
  await io.send({ t: 'missing', sha256: [...missing] })
  if (missing.length === 0) return
  const wanted = new Set(missing)
  for await (const { sha256, size, chunks } of io.blobs()) {
    if (!wanted.delete(sha256)) throw new AxleError('AXLE_WIRE', 'The viewer sent a content that nobody asked for.')
    await store.receive(sha256, size, chunks)
  }
  await store.settled()
  if (wanted.size > 0) throw new AxleError('AXLE_WIRE', `${wanted.size} contents did not arrive.`)
}
