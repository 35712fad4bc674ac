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
      const { stdout } = await host.query(['systemctl', 'show', '-P', 'ActiveState', unit])
      return ['active', 'activating', 'deactivating', 'reloading'].includes(stdout.trim())
    },
    stop: async (unit) => {
      await host.run(['systemctl', 'stop', unit], { accept: 'any' })
    },
  }
}
