import type { Argv, LogQuery, Slot, SlotLogLine } from '@axle-ia/core'
import * as z from 'zod'
import { unitName } from './unit.ts'

/** MESSAGE is a list of bytes where it is not valid UTF-8, and a list of strings where a program sent the field twice. */
const entry = z.object({
  __REALTIME_TIMESTAMP: z.string().regex(/^\d+$/),
  MESSAGE: z.union([z.string(), z.array(z.number()), z.array(z.string()), z.null()]).optional(),
  _SYSTEMD_UNIT: z.string().optional(),
  UNIT: z.string().optional(),
})

function messageOf(message: z.output<typeof entry>['MESSAGE']): string {
  if (message === undefined || message === null) return ''
  if (typeof message === 'string') return message
  const numbers = message.filter((part) => typeof part === 'number')
  return numbers.length > 0 ? Buffer.from(numbers).toString('utf8') : message.join('\n')
}

export function journalCommand(slots: readonly Slot[], query: LogQuery): Argv {
  return [
    'journalctl',
    '--quiet',
    '--no-pager',
    '--all',
    '--output=json',
    '--output-fields=MESSAGE,_SYSTEMD_UNIT,UNIT',
    `--lines=${query.lines}`,
    ...(query.since === undefined ? [] : [`--since=${query.since}`]),
    ...(query.follow === true ? ['--follow'] : []),
    ...slots.map((slot) => `--unit=${unitName(slot.service.name, slot.name)}`),
  ]
}

/** A line of `journalctl -o json`. What is no entry of one of the slots is passed over. */
export function parseEntry(line: string, slots: readonly Slot[]): SlotLogLine | undefined {
  const parsed = entry.safeParse(jsonOf(line))
  if (!parsed.success) return undefined
  const { _SYSTEMD_UNIT, UNIT, MESSAGE, __REALTIME_TIMESTAMP } = parsed.data
  // systemd's own words about a unit ("Started …", "Main process exited …") carry it as UNIT.
  const slot = slots.find((one) => {
    const name = unitName(one.service.name, one.name)
    return name === _SYSTEMD_UNIT || name === UNIT
  })
  if (slot === undefined) return undefined
  const milliseconds = Number(BigInt(__REALTIME_TIMESTAMP) / 1000n)
  return { time: new Date(milliseconds).toISOString(), slot: slot.name, message: messageOf(MESSAGE) }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
