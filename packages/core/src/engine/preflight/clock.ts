/** Further apart than this, logs, certificates and schedules are read wrongly (milliseconds). */
const TOLERATED = 60_000

/** What to say of a viewer's clock, if anything. Pure: both times are ISO 8601. */
export function clockWarning(viewer: string, host: string): string | undefined {
  const apart = Date.parse(viewer) - Date.parse(host)
  if (Number.isNaN(apart) || Math.abs(apart) <= TOLERATED) return undefined
  return [
    `The clock of the machine that deploys is ${inWords(Math.abs(apart))} ${apart > 0 ? 'ahead of' : 'behind'} the host's:`,
    `${viewer} there, ${host} here. Logs, schedules and certificates go by the host's; look at both with: timedatectl`,
  ].join(' ')
}

function inWords(ms: number): string {
  const units = [
    ['days', 86_400_000],
    ['hours', 3_600_000],
    ['minutes', 60_000],
  ] as const
  for (const [name, size] of units) if (Math.round(ms / size) >= 2) return `${Math.round(ms / size)} ${name}`
  return `${Math.round(ms / 1000)} seconds`
}
