import * as z from 'zod'
import { AxleError } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import { NODE_DIRECTORY } from '../protocol/layout.ts'
import { type Behaviour, type WithCode, withCode } from './behaviour.ts'

const nodeOptions = z.strictObject({ version: z.string() })

/** What a runtime asks of the host: Node versions that the client brings along when the host lacks them. */
export interface RuntimeNeeds {
  readonly node?: string
}

/** How a service's `start` becomes a command on the host. A small interface beside the service, not a branch in the deploy. */
export interface RuntimeCode {
  /** Fixes on the client what is loose (a version range), so that the same config means the same release everywhere. */
  resolve(fix: { node(range: string): Promise<string> }): Promise<Runtime>
  needs(): RuntimeNeeds
  /** The command, with absolute program. */
  command(start: readonly [string, ...string[]]): readonly [string, ...string[]]
  /** Folders to put before the usual PATH. */
  path(): readonly string[]
  /** The file of the release that must exist for `start` to make sense, if that can be known. */
  entry(start: readonly [string, ...string[]]): string | undefined
}

export type Runtime = Behaviour & WithCode<RuntimeCode>

/**
 * Exactly this Node, from the npm registry, in `/opt/axle/node/<version>`; never the host's own.
 * `version` is exact (`24.21.0`) or a range by npm's rules (`24`), which the client fixes when it resolves the config.
 */
export function node(options: { readonly version?: string } = {}): Runtime {
  const version = options.version ?? '24'
  const program = `${NODE_DIRECTORY}/${version}/bin/node`
  const data = { kind: 'node', options: { version } satisfies Json }
  return withCode(data, {
    resolve: async (fix) => node({ version: await fix.node(version) }),
    needs: () => ({ node: version }),
    command: ([first, ...rest]) => [first === 'node' ? program : first, ...rest],
    path: () => [`${NODE_DIRECTORY}/${version}/bin`],
    entry: ([first, ...rest]) => (first === 'node' ? rest.find((word) => !word.startsWith('-')) : undefined),
  })
}

/** Any program that is in the release (`./server`) or on the host (`/usr/bin/caddy`). */
export function command(): Runtime {
  const self: Runtime = withCode(
    { kind: 'command', options: {} },
    {
      resolve: async () => self,
      needs: () => ({}),
      command: (start: readonly [string, ...string[]]) => start,
      path: () => [],
      entry: ([first]: readonly [string, ...string[]]) => (first.startsWith('./') ? first.slice(2) : undefined),
    },
  )
  return self
}

/** The runtime that a resolved service names. On the host only its JSON is known; the code is core's. */
export function runtimeOf(data: Behaviour): Runtime {
  switch (data.kind) {
    case 'node':
      return node(nodeOptions.parse(data.options))
    case 'command':
      return command()
    default:
      throw new AxleError('AXLE_BINDING', `There is no runtime "${data.kind}" in this version of Axle.`)
  }
}
