import { readFileSync } from 'node:fs'
import * as z from 'zod'

/** One process of this machine, and no other that gets its number later. */
export const processSchema = z.object({ pid: z.number().int(), startTime: z.string(), bootId: z.string() })
export type ProcessId = z.infer<typeof processSchema>

export function identify(pid: number): ProcessId | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTime] = [fields[0], fields[19]]
    if (startTime === undefined || state === 'Z') return undefined
    return { pid, startTime, bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() }
  } catch {
    return undefined
  }
}

export function isAlive(id: ProcessId): boolean {
  const now = identify(id.pid)
  return now !== undefined && now.startTime === id.startTime && now.bootId === id.bootId
}
