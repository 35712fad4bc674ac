import { Console } from 'node:console'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { readFacts } from '../engine/host/facts.ts'
import { LocalHost } from '../engine/host/local-host.ts'
import { openEngine } from '../engine/open-engine.ts'
import { runOperation } from '../engine/operation/run.ts'
import { awaitRequest } from '../engine/operation/standby.ts'
import { retire } from '../engine/retire/retire.ts'
import type { Self } from '../engine/self.ts'
import { ProjectFiles, requestFile } from '../engine/serve/project-files.ts'
import { AxleError } from '../protocol/errors.ts'
import { VERSION } from '../protocol/version.ts'
import { serveStream } from './serve-stream.ts'

// Before the config's modules are evaluated: standard output is the wire, and nobody's to print to.
globalThis.console = new Console(process.stderr, process.stderr)

async function selfOf(authored: unknown): Promise<Self> {
  const enginePath = process.argv[1] ?? ''
  const named = /^engine-([0-9a-f]+)\.cjs$/.exec(basename(enginePath))?.[1]
  const engineHash = named ?? createHash('sha256').update(readFileSync(enginePath)).digest('hex').slice(0, 16)
  return {
    host: new LocalHost({ facts: await readFacts() }),
    authored,
    axle: VERSION,
    engineHash,
    enginePath,
    node: process.execPath,
  }
}

/** The project whose folder this bundle lies in. */
function ownProject(self: Self): string {
  return basename(self.enginePath.slice(0, self.enginePath.lastIndexOf('/')))
}

async function main(authored: unknown): Promise<number> {
  const [, , role, ...rest] = process.argv
  const self = await selfOf(authored)
  switch (role) {
    case 'serve':
      return serveStream(self, process.stdin, process.stdout, rest[0])
    case 'run': {
      const [project = '', operation = '', viewer] = rest
      const request = self.host.path(requestFile(project, operation))
      if (viewer !== undefined && !(await awaitRequest(request, Number(viewer)))) return 0
      await runOperation(self, project, operation)
      // 0 whatever the result: it is recorded, and only a death is for systemd to notice.
      return 0
    }
    case 'retire': {
      const [service = '', slot] = rest
      const files = new ProjectFiles(self.host, ownProject(self))
      const engine = await openEngine(self, await files.readConfig((await files.readLatest()).config))
      await retire(engine, service, slot === 'b' ? 'b' : 'a')
      return 0
    }
    case 'cli':
      // The screen's code is no part of what serves a viewer or runs an operation.
      return (await import('./command-line.ts')).commandLine(self, ownProject(self), rest)
    default:
      throw new AxleError('AXLE_USAGE', `The engine knows serve, run, retire and cli, not "${role ?? ''}".`)
  }
}

/** Entry of the bundle that the client makes of engine, plugins and a config's functions. */
export function startHost(authored: unknown): void {
  process.umask(0o022)
  main(authored).then(
    (exit) => {
      process.exitCode = exit
      // Viewers hold no handle that matters any more, but a plugin might.
      process.stdout.write('', () => process.exit())
    },
    (thrown: unknown) => {
      const error = AxleError.wrap(thrown)
      process.stderr.write(
        `${error.code}: ${error.message}\n${error.hint ?? ''}\n${error.code === 'AXLE_INTERNAL' ? (error.stack ?? '') : ''}\n`,
      )
      process.exit(error.exit)
    },
  )
}
