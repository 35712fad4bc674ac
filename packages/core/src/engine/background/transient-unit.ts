import { readFile } from 'node:fs/promises'
import type { Argv, Host } from '../host/host.ts'
import type { Background } from './background.ts'

/** systemd-run(1): --collect, or a unit that failed would block the next start of that name. */
export function startCommand(unit: string, description: string, argv: Argv): Argv {
  return [
    'systemd-run',
    '--quiet',
    '--collect',
    `--unit=${unit}`,
    `--description=${description}`,
    '--property=TimeoutStopSec=2s',
    '--property=KillMode=mixed',
    '--setenv=NODE_COMPILE_CACHE=/var/lib/axle/cache/node',
    '--',
    ...argv,
  ]
}

export function transientUnits(host: Host): Background {
  return {
    start: async (unit, description, argv) => {
      await host.run(startCommand(unit, description, argv))
    },
    active: async (unit) => {
      if (await populated(unit)) return true
      const { stdout } = await host.query(['systemctl', 'show', '-P', 'ActiveState', unit])
      return ['active', 'activating', 'deactivating', 'reloading'].includes(stdout.trim())
    },
    stop: async (unit) => {
      await host.run(['systemctl', 'stop', unit], { accept: 'any' })
    },
  }
}

/**
 * Whether the unit's control group (cgroups(7), version 2) has processes. Reading that is no process of its own, where
 * asking systemd is one; only what it does not say is asked of systemd.
 */
async function populated(unit: string): Promise<boolean> {
  const events = await readFile(`/sys/fs/cgroup/system.slice/${unit}/cgroup.events`, 'utf8').catch(() => '')
  return /^populated 1$/m.test(events)
}
