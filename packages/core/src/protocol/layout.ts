/**
 * Where things are on a host. One file, so that no path is written twice. All are absolute; a `Host` maps them
 * (a test's host lives under a folder of its own).
 */
export const AXLE = '/opt/axle'
export const STATE = '/var/lib/axle'
export const LAUNCHER = '/usr/local/bin/axle'
export const NODE_DIRECTORY = `${AXLE}/node`
export const UNIT_DIRECTORY = '/etc/systemd/system'

/** Folders of the content store: `<first two digits>/<sha256>-<mode>`. */
export const STORE = `${STATE}/store`
/** Flag files. Every folder down to them is 0755: an nginx worker must be able to look. */
export const SWITCH = `${STATE}/switch`
export const SECRETS = `${STATE}/secrets`
/** What all projects of a host share: versioned JSON, changed under the host lock. */
export const HOST_STATE = `${STATE}/host`

export type SlotName = 'a' | 'b'

export const project = {
  directory: (name: string) => `${AXLE}/projects/${name}`,
  engine: (name: string, hash: string) => `${AXLE}/projects/${name}/engine-${hash}.cjs`,
  config: (name: string, hash: string) => `${AXLE}/projects/${name}/config-${hash}.json`,
  /** Runs the engine that was used last: what the launcher and the units of Axle start. */
  run: (name: string) => `${AXLE}/projects/${name}/run`,
  state: (name: string) => `${AXLE}/projects/${name}/state.db`,
  lock: (name: string) => `${AXLE}/projects/${name}/lock.db`,
  /** Who wants to start an operation, in order. */
  queue: (name: string) => `${AXLE}/projects/${name}/queue.db`,
  operation: (name: string, operation: string) => `${AXLE}/projects/${name}/operations/${operation}`,
} as const

export const service = {
  directory: (name: string) => `/opt/${name}`,
  releases: (name: string) => `/opt/${name}/releases`,
  release: (name: string, release: string) => `/opt/${name}/releases/${release}`,
  /** The application's own files within a release; beside them stands `release.json`. */
  app: (name: string, release: string) => `/opt/${name}/releases/${release}/app`,
  record: (name: string, release: string) => `/opt/${name}/releases/${release}/release.json`,
  slots: (name: string) => `/opt/${name}/slots`,
  /** A link to the release that occupies the slot. */
  slot: (name: string, slot: string) => `/opt/${name}/slots/${slot}`,
  slotEnv: (name: string, slot: string) => `/opt/${name}/slots/${slot}.env`,
  /** Says that somebody stopped the service, who and when. */
  stopped: (name: string) => `/opt/${name}/stopped.json`,
  current: (name: string) => `/opt/${name}/current`,
  env: (name: string) => `/opt/${name}/.env`,
  data: (name: string) => `/var/lib/${name}`,
  logs: (name: string) => `/var/log/${name}`,
  flag: (name: string) => `${SWITCH}/${name}`,
  secrets: (name: string) => `${SECRETS}/${name}/current.env`,
  releaseSecrets: (name: string, release: string) => `${SECRETS}/${name}/${release}.env`,
} as const
