import { TRANSIENT_UNIT } from '../../protocol/transient-unit.ts'
import type { Argv, Host } from '../host/host.ts'
import type { Background } from './background.ts'

export function startCommand(unit: string, description: string, argv: Argv): Argv {
  return ['systemd-run', ...TRANSIENT_UNIT, `--unit=${unit}`, `--description=${description}`, '--', ...argv]
}

/** systemd keeps the text of a transient unit here as long as it has it loaded; --collect ends that with the unit. */
const TRANSIENT = '/run/systemd/transient'

export function transientUnits(host: Host): Background {
  const known = async (unit: string) => (await host.stat(`${TRANSIENT}/${unit}`)) !== undefined
  return {
    known,
    start: async (unit, description, argv) => {
      await host.run(startCommand(unit, description, argv))
    },
    active: async (unit) => {
      if (!(await known(unit))) return false
      const { stdout } = await host.query(['systemctl', 'show', '-P', 'ActiveState', unit])
      return ['active', 'activating', 'deactivating', 'reloading'].includes(stdout.trim())
    },
    stop: async (unit) => {
      await host.run(['systemctl', 'stop', unit], { accept: 'any' })
    },
  }
}
