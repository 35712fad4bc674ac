import type { Argv, UnitState } from '@axle-ia/core'

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'MainPID',
  'NRestarts',
  'Result',
  'ExecMainCode',
  'ExecMainStatus',
  'StateChangeTimestamp',
]

export function showCommand(unit: string): Argv {
  return ['systemctl', 'show', '--timestamp=utc', `--property=${PROPERTIES.join(',')}`, '--', unit]
}

/** `KEY=value` lines of systemctl show. */
function parseProperties(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
}

function stateOf(active: string | undefined, sub: string | undefined): UnitState['state'] {
  // Between a crash and the next try systemd says "activating": nothing runs, so it is called what it is.
  if (sub === 'auto-restart') return 'failed'
  switch (active) {
    case 'active':
    case 'reloading':
      return 'active'
    case 'activating':
      return 'starting'
    case 'deactivating':
      return 'stopping'
    case 'failed':
      return 'failed'
    default:
      return 'inactive'
  }
}

/** Numbers of CLD_EXITED, CLD_KILLED and CLD_DUMPED of waitid(2). */
const EXITED = '1'
const KILLED = '2'
const DUMPED = '3'

const SIGNALS: Readonly<Record<string, string>> = {
  '1': 'HUP',
  '2': 'INT',
  '3': 'QUIT',
  '4': 'ILL',
  '6': 'ABRT',
  '7': 'BUS',
  '8': 'FPE',
  '9': 'KILL',
  '11': 'SEGV',
  '13': 'PIPE',
  '14': 'ALRM',
  '15': 'TERM',
  '31': 'SYS',
}

/** Codes that systemd itself ends a process with, before the program starts (systemd.exec(5)). */
const BEFORE_START: Readonly<Record<string, string>> = {
  '200': 'its working directory is missing',
  '203': 'the program cannot be executed',
  '208': 'the standard input cannot be set up',
  '217': 'its user does not exist',
  '226': 'its sandbox cannot be set up',
}

function endedOf(properties: ReadonlyMap<string, string>): string | undefined {
  const status = properties.get('ExecMainStatus') ?? '0'
  const result = properties.get('Result')
  if (result === 'oom-kill') return 'out of memory'
  if (result === 'resources') return 'systemd could not start it: a file that its unit names is missing'
  switch (properties.get('ExecMainCode')) {
    case EXITED: {
      const reason = BEFORE_START[status]
      return `exit code ${status}${reason === undefined ? '' : ` (${reason})`}`
    }
    case KILLED:
      return `signal ${SIGNALS[status] ?? status}`
    case DUMPED:
      return `signal ${SIGNALS[status] ?? status}, with a core dump`
    default:
      return undefined
  }
}

/** `Mon 2026-11-23 11:17:03 UTC` as ISO 8601. */
function isoTime(text: string | undefined): string | undefined {
  const [, date, time] = /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? UTC$/.exec(text ?? '') ?? []
  return date === undefined || time === undefined ? undefined : `${date}T${time}.000Z`
}

export function parseState(text: string): UnitState {
  const properties = parseProperties(text)
  const pid = Number(properties.get('MainPID') ?? '0')
  const since = isoTime(properties.get('StateChangeTimestamp'))
  const ended = endedOf(properties)
  return {
    state: stateOf(properties.get('ActiveState'), properties.get('SubState')),
    restarts: Number(properties.get('NRestarts') ?? '0') || 0,
    ...(pid > 0 ? { pid } : {}),
    ...(since === undefined ? {} : { since }),
    ...(ended === undefined ? {} : { ended }),
  }
}
