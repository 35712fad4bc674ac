import { type HookName, isHookName, lifecycle } from '../../lifecycle/table.ts'
import type { Issues, Path } from './issues.ts'
import { didYouMean } from './spelling.ts'

/** Names of the hooks that a service declares; the functions themselves are bound on the host. */
export function resolveHooks(hooks: unknown, path: Path, issues: Issues): HookName[] {
  if (hooks === undefined) return []
  if (typeof hooks !== 'object' || hooks === null || Array.isArray(hooks)) {
    issues.add([...path, 'hooks'], 'expected an object whose keys are names of hooks, such as "deploy:verify"')
    return []
  }
  const known = Object.keys(lifecycle)
  return Object.entries(hooks).flatMap(([name, hook]: [string, unknown]) => {
    const place = [...path, 'hooks', name]
    if (!isHookName(name)) {
      const meant = didYouMean(name, known)
      issues.add(
        place,
        meant === undefined
          ? `there is no such hook: there are ${known.join(', ')}`
          : `there is no such hook: did you mean "${meant}"?`,
      )
      return []
    }
    if (hook === undefined) return []
    const handler: unknown = typeof hook === 'object' && hook !== null && 'handler' in hook ? hook.handler : hook
    if (typeof handler === 'function') return [name]
    issues.add(place, 'expected a function, or { handler: function }')
    return []
  })
}
