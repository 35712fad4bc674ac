/** `0.42 s`, `12.3 s`, `2 min 5 s`. */
export function seconds(ms: number): string {
  const value = ms / 1000
  if (value < 10) return `${value.toFixed(2)} s`
  if (value < 60) return `${value.toFixed(1)} s`
  const whole = Math.round(value)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** Since the beginning, always as wide: `    1.234`. */
export function clock(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(9)
}

const SIZES = ['B', 'kB', 'MB', 'GB'] as const

/** `532 B`, `1.4 MB`: thousands, as df -H and browsers count. */
export function size(bytes: number): string {
  const power = Math.min(bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3), SIZES.length - 1)
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZES[power] ?? 'B'}`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** How long ago, in the one unit that matters. */
export function age(since: string, now: Date): string {
  const elapsed = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1000))
  if (Number.isNaN(elapsed)) return since
  if (elapsed < 120) return `${elapsed} s`
  if (elapsed < 7200) return `${Math.floor(elapsed / 60)} min`
  if (elapsed < 172_800) return `${Math.floor(elapsed / 3600)} h`
  return `${Math.floor(elapsed / 86_400)} days`
}
