import type { ConnectFactory, Note } from './cli/connect.ts'
import { size } from './cli/render/units.ts'
import { connectTo, type Progress, prepare } from './client/index.ts'

/** Puts the client behind the command line's seam: what it does before the host takes over becomes steps on the screen. */
export const clientConnect: ConnectFactory = async (target) => {
  const { verb, cwd, configPath, services, host, identity, hostKey, onNote } = target
  const files = verb === 'deploy' || verb === 'plan'
  const prepared = await step('prepare', onNote, () =>
    prepare({
      cwd,
      files,
      build: files,
      onBuildLine: ({ service, line }) => onNote({ kind: 'output', source: `${service} build`, text: line }),
      ...(configPath === undefined ? {} : { configPath }),
      ...(services === undefined ? {} : { services }),
    }),
  )
  onNote({ kind: 'detail', text: `config ${prepared.file}` })
  onNote({ kind: 'detail', text: `engine ${prepared.bundle.hash}; Node ${prepared.nodes.join(', ')}` })
  for (const [service, files] of Object.entries(prepared.manifests))
    onNote({ kind: 'detail', text: `${service}: ${files.length} files` })
  const connect = connectTo(prepared, {
    cwd,
    onProgress: uploadSteps(onNote),
    ...(host === undefined ? {} : { host }),
    ...(identity === undefined ? {} : { identity }),
    ...(hostKey === undefined ? {} : { hostKey }),
  })
  return { ...connect, open: (request, options) => step('connect', onNote, () => connect.open(request, options)) }
}

async function step<T>(name: string, onNote: (note: Note) => void, work: () => Promise<T>): Promise<T> {
  const since = performance.now()
  onNote({ kind: 'step', step: name, state: 'started' })
  try {
    const result = await work()
    onNote({ kind: 'step', step: name, state: 'done', ms: performance.now() - since })
    return result
  } catch (thrown) {
    onNote({ kind: 'step', step: name, state: 'failed', ms: performance.now() - since })
    throw thrown
  }
}

/** Uploads begin and end by their counts of bytes. */
function uploadSteps(onNote: (note: Note) => void): (progress: Progress) => void {
  const begun = new Map<Progress['what'], number>()
  return ({ what, sent, total }) => {
    const since = begun.get(what) ?? performance.now()
    if (!begun.has(what)) onNote({ kind: 'step', step: `send ${what}`, state: 'started' })
    begun.set(what, since)
    if (sent < total) return onNote({ kind: 'progress', step: `send ${what}`, sent, total })
    begun.delete(what)
    onNote({
      kind: 'step',
      step: `send ${what}`,
      state: 'done',
      ms: performance.now() - since,
      detail: size(total),
    })
  }
}
