import manifest from '../package.json' with { type: 'json' }
import { createProgram } from './cli/program.ts'
import type { Way } from './client/way/way.ts'
import { EXIT } from './protocol/exit.ts'

/** The workstation's command line. The client itself loads only when a command runs. */
export async function runClient(argv: readonly string[]): Promise<void> {
  let way: Promise<Way | undefined> | undefined
  const program = createProgram({
    side: 'client',
    version: manifest.version,
    connect: async () => (await import('./client-connect.ts')).clientConnect(way),
    // Nothing of the client but this loads before the host, which is far away, is being talked to.
    setOut: async ({ cwd, config, host, identity, hostKey }, prompt) => {
      const { setOutEarly } = await import('./client/way/early.ts')
      way = setOutEarly({ cwd, configPath: config, host, identity, hostKey }, prompt)
      await way
    },
    init: async () => (await import('./client/init/init.ts')).initialize,
  })
  const exit = await program.run(argv)
  // An interrupted viewer may leave a build or a socket behind, which must not keep it alive.
  if (exit === EXIT.interrupted) process.exit(exit)
  process.exitCode = exit
  ;(await way)?.leave()
  // A net below the rest: once all is said, nothing that was forgotten keeps this process. Alone the timer does not either.
  await Promise.all([said(process.stdout), said(process.stderr)])
  setTimeout(() => process.exit(exit), 1_000).unref()
}

function said(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}
