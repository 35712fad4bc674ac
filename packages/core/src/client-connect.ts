import type { ConnectFactory, Note, Target } from './cli/connect.ts'
import { size } from './cli/render/units.ts'
import type { HostTarget } from './client/config/hosts.ts'
import type { Prepared, Progress } from './client/index.ts'
import type { Way } from './client/way/way.ts'

/**
 * Puts the client behind the command line's seam: what it does before the host takes over becomes steps on the screen.
 * `begun` is a way that was set out on before; without one it begins here.
 */
export function clientConnect(begun?: Promise<Way | undefined>): ConnectFactory {
  return async (target) => {
    const { verb, cwd, configPath, services, host, identity, hostKey, prompt, onNote } = target
    const files = verb === 'deploy' || verb === 'plan'
    const way = await (begun ?? setOut(target))
    const { connectTo, prepare, settle, targetOf } = await import('./client/index.ts')
    const where = {
      cwd,
      ...(host === undefined ? {} : { host }),
      ...(identity === undefined ? {} : { identity }),
      ...(hostKey === undefined ? {} : { hostKey }),
    }
    try {
      const prepared = await step('prepare', onNote, () =>
        prepare({
          cwd,
          files,
          build: files,
          onResolved: ({ hosts }) =>
            settle(
              way,
              meant(() => targetOf(hosts, where)),
            ),
          onBuildLine: ({ service, line }) => onNote({ kind: 'output', source: `${service} build`, text: line }),
          ...(configPath === undefined ? {} : { configPath }),
          ...(services === undefined ? {} : { services }),
        }),
      )
      for (const text of detailsOf(prepared)) onNote({ kind: 'detail', text })
      const connect = connectTo(prepared, {
        ...where,
        way,
        onProgress: uploadSteps(onNote),
        ...(prompt === undefined ? {} : { prompt }),
      })
      return { ...connect, open: (request, options) => step('connect', onNote, () => connect.open(request, options)) }
    } catch (thrown) {
      way?.leave()
      throw thrown
    }
  }
}

/** Before the rest of the client is even loaded: the host is far away. */
async function setOut({ cwd, configPath, host, identity, hostKey, prompt }: Target): Promise<Way | undefined> {
  const { setOutEarly } = await import('./client/way/early.ts')
  return setOutEarly({ cwd, configPath, host, identity, hostKey }, prompt)
}

/** What --verbose tells of a project before it is sent. */
function detailsOf({ file, bundle, nodes, manifests }: Prepared): readonly string[] {
  return [
    `config ${file}`,
    `engine ${bundle.hash}; Node ${nodes.join(', ')}`,
    ...Object.entries(manifests).map(([service, files]) => `${service}: ${files.length} files`),
  ]
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

/** What names no host, or too many, is told once a host is needed: what else is wrong comes first. */
function meant(target: () => HostTarget): HostTarget | undefined {
  try {
    return target()
  } catch {
    return undefined
  }
}
