import { TRANSIENT_UNIT } from '../../protocol/transient-unit.ts'
import type { Argv, Host } from '../host/host.ts'
import type { Background } from './background.ts'

export function startCommand(unit: string, description: string, argv: Argv): Argv {
  return ['systemd-run', ...TRANSIENT_UNIT, `--unit=${unit}`, `--description=${description}`, '--', ...argv]
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
