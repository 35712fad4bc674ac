import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PluginList } from '../../define/config.ts'
import { AxleError } from '../../protocol/errors.ts'

const INSTALL = 'Install it: npm install --save-dev axle — or export a whole config: export default defineConfig({ … })'

/** What `recommended()` of the package `axle` gives, found from the config's folder: core itself imports no plugin. */
export async function recommendedPlugins(folder: string): Promise<PluginList> {
  let entry: string
  try {
    entry = createRequire(join(folder, 'axle.config.js')).resolve('axle')
  } catch (cause) {
    throw new AxleError(
      'AXLE_CONFIG_INVALID',
      `The config exports one service, so its plugins are those of the package "axle", which is not installed in ${folder}.`,
      { hint: INSTALL, cause },
    )
  }
  const loaded: unknown = await import(pathToFileURL(entry).href)
  if (
    typeof loaded === 'object' &&
    loaded !== null &&
    'recommended' in loaded &&
    typeof loaded.recommended === 'function'
  ) {
    const plugins: unknown = loaded.recommended()
    if (Array.isArray(plugins)) return plugins
  }
  throw new AxleError('AXLE_CONFIG_INVALID', `The package "axle" at ${entry} has no recommended().`, { hint: INSTALL })
}
