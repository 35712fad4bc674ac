import manifest from '../package.json' with { type: 'json' }
import { createProgram } from './cli/program.ts'
import type { Way } from './client/way/way.ts'
import { EXIT } from './protocol/exit.ts'

/** The workstation's command line. The client itself loads only when a command runs. */
export async function runClient(argv: readonly string[]): Promise<void> {
  let way: Promise<Way | undefined> | undefined
  let taken = false
  const program = createProgram({
    side: 'client',
    version: manifest.version,
    connect: async () => {
      taken = true
      return (await import('./client-connect.ts')).clientConnect(way)
    },
    // Nothing of the client but this loads before the host, which is far away, is being talked to.
    setOut: async ({ cwd, config, host, identity, hostKey }, prompt) => {
      const { setOutEarly } = await import('./client/way/early.ts')
      way = setOutEarly({ cwd, configPath: config, host, identity, hostKey }, prompt)
      await way
    },
    init: async () => (await import('./client/init/init.ts')).initialize,
  })
  const exit = await program.run(argv)
  // An interrupted viewer may leave a build or a socket behind, and a wrong line a way that nobody takes any more, with
  // its question on the terminal. Neither must keep it alive.
  if (exit === EXIT.interrupted || (way !== undefined && !taken)) process.exit(exit)
  ;(await way)?.leave()
  process.exitCode = exit
}
