import type { Config } from '../config/config.ts'
import type { Pool } from './pool.ts'

/**
 * The connections to the outside. Clients that use the global fetch (the openai package does) go through the pool.
 * It is loaded only when there is a remote service to talk to: it is a third of the start.
 */
export async function openRemoteConnections(config: Config): Promise<Pool> {
  if (config.model === undefined && config.clickup.apiKey === undefined) return { close: async () => {} }
  const { openPool } = await import('./pool.ts')
  return openPool()
}
