import { randomBytes } from 'node:crypto'

/** Sorts by time, and fits a unit's name: `20261123-094512-5f3a9c21`. */
export function operationId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T')
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(4).toString('hex')}`
}
