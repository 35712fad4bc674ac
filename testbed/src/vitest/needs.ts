import { whyNoHosts } from '../machine/requirements.ts'

/**
 * What a test file asks of its host beyond being a Debian with systemd and ssh:
 * `bare` no nginx, curl or the like is installed; `kill` and `boot` its power can be cut and given back;
 * `disposable` it may be left in any state.
 */
export type Need = 'bare' | 'boot' | 'disposable' | 'kill'

export interface ExternalTarget {
  readonly user: string
  readonly address: string
  readonly port: number
}

/** The host of one's own that the tests shall use: AXLE_TEST_HOST=user@address[:port]. */
export function externalTarget(env: NodeJS.ProcessEnv): ExternalTarget | undefined {
  const text = env.AXLE_TEST_HOST
  if (text === undefined || text === '') return undefined
  const match = /^([a-z_][a-z0-9_-]*)@([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::(\d+))?$/.exec(text)
  const [, user, address, port] = match ?? []
  if (user === undefined || address === undefined) {
    throw new Error(`AXLE_TEST_HOST is "${text}"; expected user@address or user@address:port`)
  }
  return { user, address: address.replace(/^\[|\]$/g, ''), port: Number(port ?? 22) }
}

/** Why a file with these needs cannot run, for the names of its skipped tests; undefined when it can. */
export function whyUnavailable(needs: readonly Need[], which: number, env: NodeJS.ProcessEnv): string | undefined {
  if (externalTarget(env) === undefined) return whyNoHosts()
  if (which > 1) return 'needs a second host, and AXLE_TEST_HOST names one'
  for (const need of needs) {
    const reason = cannotGive(need, env)
    if (reason !== undefined) return reason
  }
  return undefined
}

function cannotGive(need: Need, env: NodeJS.ProcessEnv): string | undefined {
  switch (need) {
    case 'bare':
      return 'needs a bare host (needs: bare), which AXLE_TEST_HOST cannot promise'
    case 'kill':
    case 'boot':
      return `needs to cut the host's power and boot it (needs: ${need}), which AXLE_TEST_HOST cannot give`
    case 'disposable':
      return env.AXLE_TEST_HOST_DISPOSABLE === '1'
        ? undefined
        : 'may leave the host in any state (needs: disposable); AXLE_TEST_HOST_DISPOSABLE=1 permits it'
  }
}
