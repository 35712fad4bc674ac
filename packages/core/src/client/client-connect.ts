import type { ConnectFactory, Note, Target } from '../cli/connect.ts'
import { connectTo } from './connect.ts'
import { prepare } from './prepare.ts'
import type { Progress } from './progress.ts'

/** Only these questions need the files of the project. */
const WITH_FILES: ReadonlySet<string> = new Set(['deploy', 'plan'])
const WHAT = { node: 'Node', engine: 'the engine', files: 'files' } as const

function uploads(onNote: (note: Note) => void): (progress: Progress) => void {
  const began = new Map<Progress['what'], number>()
  return ({ what, sent, total }) => {
    const step = `send ${WHAT[what]}`
    const start = began.get(what)
    if (start === undefined) {
      began.set(what, performance.now())
      onNote({ kind: 'step', step, state: 'started' })
    }
    if (sent < total) return
    const ms = Math.round(performance.now() - (start ?? performance.now()))
    onNote({ kind: 'step', step, state: 'done', ms, detail: `${Math.ceil(total / 1000)} kB` })
  }
}

/** What the command line on the workstation connects with: everything up to the host is prepared first. */
export const clientConnect: ConnectFactory = async (target: Target) => {
  const files = WITH_FILES.has(target.verb)
  const began = performance.now()
  target.onNote({ kind: 'step', step: 'prepare', state: 'started' })
  const prepared = await prepare({
    cwd: target.cwd,
    build: files,
    files,
    onBuildLine: ({ service, line }) => target.onNote({ kind: 'output', source: service, text: line }),
    ...(target.configPath === undefined ? {} : { configPath: target.configPath }),
    ...(target.services === undefined ? {} : { services: target.services }),
  })
  target.onNote({ kind: 'step', step: 'prepare', state: 'done', ms: Math.round(performance.now() - began) })
  return connectTo(prepared, {
    cwd: target.cwd,
    onProgress: uploads(target.onNote),
    ...(target.host === undefined ? {} : { host: target.host }),
    ...(target.identity === undefined ? {} : { identity: target.identity }),
    ...(target.hostKey === undefined ? {} : { hostKey: target.hostKey }),
  })
}
