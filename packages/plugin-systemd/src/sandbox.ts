/** A directive of a unit's [Service] section, or a property of systemd-run. */
export type Setting = readonly [name: string, value: string]

/**
 * What a service may not do. `systemd-analyze security` calls the result 1.1 to 1.3. Left open on purpose, since Node does
 * not work without it: writable code pages (its compiler), AF_NETLINK (os.networkInterfaces() throws), all of /proc
 * (os.cpus() is empty).
 */
const COMMON: readonly Setting[] = [
  ['NoNewPrivileges', 'yes'],
  ['CapabilityBoundingSet', ''],
  ['AmbientCapabilities', ''],
  ['ProtectSystem', 'strict'],
  ['ProtectHome', 'yes'],
  ['ProtectClock', 'yes'],
  ['ProtectHostname', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelTunables', 'yes'],
  ['ProtectControlGroups', 'yes'],
  ['ProtectProc', 'invisible'],
  ['ProcSubset', 'all'],
  ['PrivateTmp', 'yes'],
  ['PrivateDevices', 'yes'],
  ['PrivateMounts', 'yes'],
  ['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_UNIX AF_NETLINK'],
  ['RestrictNamespaces', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
  ['LockPersonality', 'yes'],
  ['MemoryDenyWriteExecute', 'no'],
  ['RemoveIPC', 'yes'],
  ['KeyringMode', 'private'],
  ['SystemCallArchitectures', 'native'],
  ['SystemCallFilter', '@system-service'],
  ['SystemCallFilter', '~@privileged @resources'],
  ['SystemCallErrorNumber', 'EPERM'],
  ['UMask', '0077'],
]

/** The sandbox of one service: the same for its slots and for what its hooks run. */
export function sandbox(service: string, writable: readonly string[]): readonly Setting[] {
  return [['User', service], ['Group', service], ...COMMON, ['ReadWritePaths', writable.join(' ')]]
}
