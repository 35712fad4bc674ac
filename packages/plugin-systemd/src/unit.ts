import { codeOf, layout, OPEN, type PlacedService, runtimeOf } from '@axle-ia/core'
import { commandLine, unitWord } from './escape.ts'
import { type Setting, sandbox } from './sandbox.ts'
import type { ServiceLimits } from './service-options.ts'

const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const MINIMUM_STOP_SECONDS = 5
const MAXIMUM_STOP_SECONDS = 90

export const unitName = (service: string, slot: string): string => `${service}-${slot}.service`

/** Seconds between SIGTERM and SIGKILL. The drain before it has ended what came through the gateway already. */
export function stopSeconds(service: Pick<PlacedService, 'drain'>): number {
  return Math.min(Math.max(Math.ceil(service.drain / 1000), MINIMUM_STOP_SECONDS), MAXIMUM_STOP_SECONDS)
}

/** What a slot's process finds in its environment beside the slot's own file. */
export function usualEnvironment(service: PlacedService): readonly Setting[] {
  const { name } = service
  const path = codeOf(runtimeOf(service.runtime)).path()
  return [
    ['Environment', unitWord(`PATH=${[...path, USUAL_PATH].join(':')}`)],
    ['Environment', unitWord(`HOME=${layout.service.data(name)}`)],
    // Named as systemd does for StateDirectory=, which is not used: it would give the folder a second owner beside the plan.
    ['Environment', unitWord(`STATE_DIRECTORY=${layout.service.data(name)}`)],
    ['Environment', unitWord(`LOGS_DIRECTORY=${layout.service.logs(name)}`)],
  ]
}

export function writablePaths(service: string): readonly string[] {
  return [layout.service.data(service), layout.service.logs(service)]
}

function section(name: string, settings: readonly Setting[]): string {
  return `[${name}]\n${settings.map(([key, value]) => `${key}=${value}\n`).join('')}`
}

function limitsOf(limits: ServiceLimits): readonly Setting[] {
  const { memoryMax, cpuQuota, tasksMax, openFiles = 65_536 } = limits
  return [
    ['LimitNOFILE', String(openFiles)],
    ...(memoryMax === undefined ? [] : ([['MemoryMax', memoryMax]] satisfies Setting[])),
    ...(cpuQuota === undefined ? [] : ([['CPUQuota', cpuQuota]] satisfies Setting[])),
    ...(tasksMax === undefined ? [] : ([['TasksMax', String(tasksMax)]] satisfies Setting[])),
  ]
}

/**
 * The unit of a slot, with the slot left open. It names no release: the slot's folder is a link to one, so that a new
 * release changes no unit and needs no daemon-reload.
 */
export function slotUnit(service: PlacedService, limits: ServiceLimits): string {
  const { name } = service
  const [first, ...rest] = service.start
  const command = codeOf(runtimeOf(service.runtime)).command([first, ...rest])
  const app = `${layout.service.slot(name, OPEN.slot)}/app`
  return [
    section('Unit', [
      ['Description', `${name}, slot ${OPEN.slot} (Axle)`],
      ['After', 'network.target'],
      // A service that crashes is started again for ever: nobody is there at night to reset a counter.
      ['StartLimitIntervalSec', '0'],
    ]),
    section('Service', [
      ['Type', 'exec'],
      ['WorkingDirectory', app],
      ['EnvironmentFile', layout.service.slotEnv(name, OPEN.slot)],
      ...usualEnvironment(service),
      ['ExecStart', commandLine(command, app)],
      ['Restart', 'always'],
      ['RestartSec', '5'],
      ['KillMode', 'mixed'],
      ['TimeoutStopSec', String(stopSeconds(service))],
      // 128 + SIGTERM: how many programs end when they are told to.
      ['SuccessExitStatus', '143'],
      ['StandardOutput', 'journal'],
      ['StandardError', 'journal'],
      ['SyslogIdentifier', `${name}-${OPEN.slot}`],
      ...limitsOf(limits),
      ...sandbox(name, writablePaths(name)),
    ]),
    section('Install', [['WantedBy', 'multi-user.target']]),
  ].join('\n')
}
