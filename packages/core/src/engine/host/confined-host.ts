import { AxleError } from '../../protocol/errors.ts'
import type { Argv, Host, RunOptions, StreamOptions } from './host.ts'

/** What a hook gets: its commands run as `wrap` says, and it writes nothing as root. Looking is free. */
export function confined(host: Host, wrap: (argv: Argv) => Argv): Host {
  const refuse = (method: string): Promise<never> =>
    Promise.reject(
      new AxleError('AXLE_HOOK', `The hook called host.${method}(), which acts as root`, {
        hint: 'Declare root: true on the hook: { root: true, handler }.',
      }),
    )
  return {
    facts: host.facts,
    run: (argv: Argv, options?: RunOptions) => host.run(wrap(argv), options),
    query: (argv: Argv, options?: RunOptions) => host.query(wrap(argv), options),
    stream: (argv: Argv, options?: StreamOptions) => host.stream(wrap(argv), options),
    stat: (path) => host.stat(path),
    read: (path) => host.read(path),
    list: (path) => host.list(path),
    write: () => refuse('write'),
    makeDirectory: () => refuse('makeDirectory'),
    setAttributes: () => refuse('setAttributes'),
    link: () => refuse('link'),
    remove: () => refuse('remove'),
    rename: () => refuse('rename'),
  }
}
