import { AxleError } from '../../protocol/errors.ts'
import { project as at } from '../../protocol/layout.ts'
import type { Hello, OperationRequest } from '../../protocol/wire.ts'
import type { Background } from '../background/background.ts'
import type { LocalHost } from '../host/local-host.ts'
import { lockedError, lockHolder } from '../lock/lock.ts'
import { operationAlive } from '../operation/alive.ts'
import { followEvents } from '../operation/follow-events.ts'
import type { Self } from '../self.ts'
import { ContentStore } from '../store/content-store.ts'
import { contextOf } from './context.ts'
import type { ViewerIo } from './io.ts'
import { operationId } from './operation-id.ts'
import { eventsFile, NODE_FLAGS } from './project-files.ts'
import { relay } from './relay.ts'
import { takeTurn } from './turn.ts'

export function refuseIfHeld(host: LocalHost, project: string): void {
  const held = lockHolder(host.path(at.lock(project)))
  if (held !== undefined) throw lockedError(held)
}

/** Takes in what the viewer brings, waits for its turn if that was asked, starts the engine's unit and follows it. */
export async function startOperation(
  self: Self,
  hello: Hello,
  request: OperationRequest,
  io: ViewerIo,
  background: Background,
): Promise<number> {
  const { host } = self
  const { project, actor } = hello
  // Before anything is sent: who does not want to wait need not upload to be told so.
  if (!request.wait) refuseIfHeld(host, project)
  const { files, configHash, manifests } = await contextOf(self, hello)
  const store = new ContentStore(host)
  if (hello.config !== undefined && request.verb === 'deploy') await receive(store, hello, io)
  io.expectNothing()
  const turn = await takeTurn(
    host,
    project,
    { what: request.verb, since: new Date().toISOString(), actor },
    {
      wait: request.wait,
      signal: io.signal,
      onWaiting: (held) => io.send({ t: 'waiting', for: held }),
      refresh: () => store.has(Object.values(manifests).flat()),
    },
  )
  const operation = operationId(new Date())
  const unit = `axle-${project}-${operation}.service`
  const watching = new AbortController()
  const alive = () => operationAlive(host, background, { project, operation, unit })
  const events = followEvents(host.path(eventsFile(project, operation)), alive, watching.signal)
  let first: Awaited<ReturnType<typeof events.next>>
  try {
    await files.writeOperation({ operation, unit, config: configHash, actor, request, manifests })
    await background.start(unit, `Axle: ${request.verb} of ${project}`, [
      self.node,
      ...NODE_FLAGS,
      self.enginePath,
      'run',
      project,
      operation,
    ])
    // Its first event says that it holds the lock: until then it is this turn that keeps others off, viewer or not.
    first = await events.next()
  } finally {
    turn[Symbol.dispose]()
  }
  io.signal.addEventListener('abort', () => watching.abort(), { once: true })
  if (io.signal.aborted) watching.abort()
  await io.send({ t: 'accepted', op: operation, unit })
  return relay(first, events, { operation, unit }, io)
}

async function receive(store: ContentStore, hello: Hello, io: ViewerIo): Promise<void> {
  const missing = await store.has(Object.values(hello.manifests ?? {}).flat())
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
