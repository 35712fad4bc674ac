import { connect, type Socket } from 'node:net'
import { type KeyFile, readKeyFile } from './login/key-file.ts'
import type { Hop, Route } from './route.ts'
import { readKnownHosts } from './trust/known-hosts-file.ts'

/** What files say about a hop's keys, ours and the host's. */
export interface HopFiles {
  readonly knownHosts: string
  readonly keys: readonly { readonly path: string; readonly file: KeyFile | undefined }[]
}

/** A route whose first socket is opening, while everything else that is needed loads. */
export interface Dialled {
  readonly route: Route
  readonly socket: Socket
  /** By hop. */
  readonly files: readonly Promise<HopFiles>[]
  /** The first error of the socket, also one from before anybody listened. */
  readonly failed: Promise<Error>
  destroy(): void
}

/** Opens the socket at once. Errors wait in `failed` until somebody asks. */
export function dial(route: Route): Dialled {
  const [{ host, port, family, localAddress }] = route.hops
  const socket = connect({
    host,
    port,
    noDelay: true,
    ...(family === undefined ? {} : { family }),
    ...(localAddress === undefined ? {} : { localAddress }),
  })
  const failed = new Promise<Error>((resolve) => socket.once('error', resolve))
  // Beside the one above: without a listener, a later error would end this process.
  socket.on('error', () => undefined)
  return { route, socket, files: route.hops.map(readFiles), failed, destroy: () => socket.destroy() }
}

async function readFiles({ knownHosts, keys }: Hop): Promise<HopFiles> {
  const [text, files] = await Promise.all([
    readKnownHosts([...knownHosts.user, ...knownHosts.machine]),
    Promise.all(keys.files.map(async (path) => ({ path, file: await readKeyFile(path) }))),
  ])
  return { knownHosts: text, keys: files }
}
