import manifest from '../package.json' with { type: 'json' }
import { createProgram } from './cli/program.ts'
import { EXIT } from './protocol/exit.ts'

/** The workstation's command line. The client itself loads only when a command runs. */
export async function runClient(argv: readonly string[]): Promise<void> {
  const program = createProgram({
    side: 'client',
    version: manifest.version,
    connect: async () => (await import('./client-connect.ts')).clientConnect,
    init: async () => (await import('./client/init/init.ts')).initialize,
  })
  const exit = await program.run(argv)
  // An interrupted viewer may leave a build or a socket behind, which must not keep it alive.
  if (exit === EXIT.interrupted) process.exit(exit)
  process.exitCode = exit
}
