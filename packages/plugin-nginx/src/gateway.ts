import type { Gateway, Host } from '@axle-ia/core'
import { countEstablished } from './connections.ts'
import type { GatewayOptions } from './options.ts'

function authority(name: string, port: number): string {
  const host = name.includes(':') ? `[${name}]` : name
  return port === 80 ? host : `${host}:${port}`
}

/** An address that people can type: IPv4 before IPv6, none that holds on one link only. */
export function publicAddress(addresses: readonly string[]): string {
  const reachable = addresses.filter((address) => !/^(?:fe80:|169\.254\.)/i.test(address))
  return reachable.find((address) => !address.includes(':')) ?? reachable[0] ?? '127.0.0.1'
}

export function createGateway(host: Host, options: GatewayOptions, domain?: string): Gateway {
  return {
    // Its absence is an error of its own (AXLE_TOOL_MISSING): better now than half-way, at the first reload.
    check: async () => {
      await host.query(['nginx', '-v'])
    },
    endpoint: ({ route, ports }) =>
      route === undefined || ports === undefined
        ? undefined
        : {
            url: `http://${authority('127.0.0.1', options.listen)}${route}`,
            headers: domain === undefined ? {} : { host: authority(domain, options.listen) },
          },
    // nginx looks at the flag itself, for each request.
    switchTo: async () => undefined,
    connections: async ({ port }) => {
      if (port === undefined) return 0
      const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => host.read(path)))
      return tables.reduce((sum, table) => sum + (table === undefined ? 0 : countEstablished(table, port)), 0)
    },
    address: (gateway) => `http://${authority(gateway.domain ?? publicAddress(host.facts.addresses), options.listen)}/`,
  }
}
