import type { HostRecord } from '../host/record.ts'
import { placesOf } from '../places.ts'

/** All that a client needs in order to reach a host and to trust it. */
export interface HostSummary {
  readonly name: string
  readonly image: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly identity: string
  readonly hostKey: string
  readonly knownHosts: string
}

export function summarize(record: HostRecord): HostSummary {
  const { identity, knownHosts } = placesOf(record.name)
  const { name, image, address, hostKey } = record
  return { name, image, address, port: 22, user: 'root', identity, hostKey: hostKey ?? '', knownHosts }
}

export function describeHost(host: HostSummary, ms: number): string {
  return `${host.name} is up (${host.image}, ${(ms / 1000).toFixed(1)} s)

  address   ${host.address}
  user      ${host.user}   (or deploy, who has sudo)
  key file  ${host.identity}
  host key  ${host.hostKey}

  ssh -i ${host.identity} -o UserKnownHostsFile=${host.knownHosts} ${host.user}@${host.address}`
}

export function describeHosts(hosts: readonly (HostSummary & { readonly up: boolean })[]): string {
  if (hosts.length === 0) return 'no hosts; npm run testbed -- up NAME makes one'
  const width = Math.max(...hosts.map((host) => host.name.length))
  return hosts
    .map(
      (host) => `${host.name.padEnd(width)}  ${host.up ? 'up  ' : 'down'}  ${host.address.padEnd(15)}  ${host.image}`,
    )
    .join('\n')
}
