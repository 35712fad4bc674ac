import { join } from 'node:path'

/** Prepared images: big, made once, safe to delete when no host is up. */
export const cacheFolder = process.env.AXLE_TESTBED_CACHE ?? '/var/cache/axle-testbed'

/** The hosts: a folder each with its record, keys and disk. */
export const stateFolder = process.env.AXLE_TESTBED_STATE ?? '/var/lib/axle-testbed'

/** Locks lie where a reboot of the machine clears them. */
export const lockFolder = '/run/lock/axle-testbed'

export const imagesFolder = join(cacheFolder, 'images')
export const hostsFolder = join(stateFolder, 'hosts')

export interface HostPlaces {
  readonly folder: string
  readonly record: string
  /** What the host has changed since its image (overlayfs upper). */
  readonly disk: string
  readonly work: string
  /** Where the whole root is mounted while the host is up. */
  readonly root: string
  readonly console: string
  readonly identity: string
  readonly knownHosts: string
}

export function placesOf(name: string): HostPlaces {
  const folder = join(hostsFolder, name)
  return {
    folder,
    record: join(folder, 'host.json'),
    disk: join(folder, 'disk'),
    work: join(folder, 'work'),
    root: join(folder, 'root'),
    console: join(folder, 'console.log'),
    identity: join(folder, 'identity'),
    knownHosts: join(folder, 'known_hosts'),
  }
}
