import type { ResolvedService } from '../../protocol/service.ts'
import type { Issues } from './issues.ts'
import { didYouMean } from './spelling.ts'

/** What only shows when services are looked at side by side. `undefined` stands for one that is broken already. */
export function checkTogether(services: readonly (ResolvedService | undefined)[], issues: Issues): void {
  for (const field of ['name', 'port', 'route'] as const) unique(services, field, issues)
  // An unknown name may be that of a service which did not resolve: then it would be named for nothing.
  if (services.every((service) => service !== undefined)) checkAfter(services, issues)
}

function unique(
  services: readonly (ResolvedService | undefined)[],
  field: 'name' | 'port' | 'route',
  issues: Issues,
): void {
  const first = new Map<string | number, { readonly index: number; readonly name: string }>()
  for (const [index, service] of services.entries()) {
    const value = service?.[field]
    if (service === undefined || value === undefined) continue
    const other = first.get(value)
    if (other === undefined) first.set(value, { index, name: service.name })
    else
      issues.add(
        ['services', index, field],
        `${value} is taken by services[${other.index}] (${other.name}): choose another ${field}`,
      )
  }
}

function checkAfter(services: readonly ResolvedService[], issues: Issues): void {
  const byName = new Map(services.map((service) => [service.name, service]))
  const names = [...byName.keys()]
  for (const [index, service] of services.entries()) {
    for (const [at, name] of service.after.entries()) {
      if (byName.has(name)) continue
      const meant = didYouMean(name, names)
      issues.add(
        ['services', index, 'after', at],
        `there is no service "${name}"${meant === undefined ? `: there are ${names.join(', ')}` : `: did you mean "${meant}"?`}`,
      )
    }
    const cycle = cycleFrom(service.name, byName)
    // Each cycle once, at the first of its services.
    if (cycle !== undefined && names.findIndex((name) => cycle.includes(name)) === index) {
      issues.add(
        ['services', index, 'after'],
        `goes round in a circle: ${[...cycle, service.name].join(' → ')}. Remove one of them`,
      )
    }
  }
}

/** The names from `start` back to itself by `after`. */
function cycleFrom(start: string, byName: ReadonlyMap<string, ResolvedService>): readonly string[] | undefined {
  const seen = new Set<string>()
  const walk = (name: string, way: readonly string[]): readonly string[] | undefined => {
    for (const next of byName.get(name)?.after ?? []) {
      if (next === start) return way
      if (seen.has(next)) continue
      seen.add(next)
      const found = walk(next, [...way, next])
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(start, [start])
}
