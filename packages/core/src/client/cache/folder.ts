import { isAbsolute, join } from 'node:path'
import { homeFolder } from '../local-user.ts'

/** Axle's folder in the user's cache, by the XDG Base Directory Specification: relative values are ignored. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME
  return join(base !== undefined && isAbsolute(base) ? base : join(homeFolder(), '.cache'), 'axle')
}
