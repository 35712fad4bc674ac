/**
 * What every transient unit of Axle's own gets of systemd-run(1), whoever starts it. `--collect`: a unit that failed
 * would block the next start of that name.
 */
export const TRANSIENT_UNIT = [
  '--quiet',
  '--collect',
  '--property=TimeoutStopSec=2s',
  '--property=KillMode=mixed',
  '--setenv=NODE_COMPILE_CACHE=/var/lib/axle/cache/node',
] as const

export const operationUnit = (project: string, operation: string): string => `axle-${project}-${operation}.service`

/** For Node, wherever it runs the engine: what is experimental in it (node:sqlite) is known. */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'] as const
