import { AxleError } from '../../protocol/errors.ts'
import { project as at } from '../../protocol/layout.ts'
import { NODE_FLAGS, operationUnit } from '../../protocol/transient-unit.ts'
import type { Hello, OperationRequest } from '../../protocol/wire.ts'
import type { LocalHost } from '../host/local-host.ts'
import { lockedError, lockHolder } from '../lock/lock.ts'
import { operationAlive } from '../operation/alive.ts'
import { followEvents } from '../operation/follow-events.ts'
import { clockWarning } from '../preflight/clock.ts'
import { checkRoom, needOfContents, needOfRelease } from '../preflight/disk.ts'
import type { Self } from '../self.ts'
import { isFile } from '../store/content-key.ts'
import { ContentStore } from '../store/content-store.ts'
import { contextOf } from './context.ts'
import type { ViewerIo } from './io.ts'
import { operationId } from './operation-id.ts'
import { eventsFile } from './project-files.ts'
import { relay } from './relay.ts'
import type { Starting } from './serve.ts'
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
  { background, standby }: Starting,
): Promise<number> {
  const { host } = self
  const { project, actor } = hello
  const warning = hello.time === undefined ? undefined : clockWarning(hello.time, new Date().toISOString())
  // Before anything is sent: who does not want to wait need not upload to be told so.
  if (!request.wait) refuseIfHeld(host, project)
  const operation = standby ?? operationId(new Date())
  const unit = operationUnit(project, operation)
  const waits = standby === undefined ? false : background.known(unit)
  const { files, configHash, manifests } = await contextOf(self, hello)
  const store = new ContentStore(host)
  if (hello.config !== undefined && request.verb === 'deploy') await receive(host, store, hello, io)
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
  const watching = new AbortController()
  const alive = () => operationAlive(host, background, { project, operation, unit })
  const events = followEvents(host.path(eventsFile(project, operation)), alive, watching.signal)
  let first: Awaited<ReturnType<typeof events.next>>
  try {
    await files.writeOperation({
      operation,
      unit,
      config: configHash,
      actor,
      request,
      manifests,
      ...(warning === undefined ? {} : { warning }),
    })
    if (!(await waits)) {
      const argv = [self.node, ...NODE_FLAGS, self.enginePath, 'run', project, operation] as const
      await background.start(unit, `Axle: operation of ${project}`, argv)
    }
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

async function receive(host: LocalHost, store: ContentStore, hello: Hello, io: ViewerIo): Promise<void> {
  const entries = Object.values(hello.manifests ?? {}).flat()
  const sizes = new Map(entries.filter(isFile).map(({ sha256, size }) => [sha256, size]))
  const wanted = new Set(await store.has(entries))
  await checkRoom(host, [needOfContents(entries, [...wanted]), await needOfRelease(host, entries)])
  const take = async () => {
    for await (const { sha256, size, chunks } of io.blobs()) {
      const known = sizes.get(sha256)
      if (known === undefined) throw new AxleError('AXLE_WIRE', 'The viewer sent a content that nobody asked for.')
      if (size !== known)
        throw new AxleError('AXLE_WIRE', 'The viewer sent a content with another size than it announced.')
      if (wanted.delete(sha256)) await store.receive(sha256, size, chunks)
      else if (asked) throw new AxleError('AXLE_WIRE', 'The viewer sent a content that nobody asked for.')
      else await drain(chunks)
    }
  }
  let asked = false
  try {
    // What the viewer took for missing came with its first message; it is asked for the rest.
    if (hello.ahead === true) await take()
    asked = true
    await io.send({ t: 'missing', sha256: [...wanted] })
    if (wanted.size > 0) await take()
    if (wanted.size > 0) throw new AxleError('AXLE_WIRE', `${wanted.size} contents did not arrive.`)
  } catch (thrown) {
    // This process ends next: what is still being written would stay as a temporary file.
    await store.settled().catch(() => undefined)
    throw thrown
  }
  await store.settled()
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}
