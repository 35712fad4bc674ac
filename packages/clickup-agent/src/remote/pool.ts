import { EnvHttpProxyAgent, getGlobalDispatcher, install, setGlobalDispatcher } from 'undici'

const CONNECT_TIMEOUT_MS = 5000

export interface Pool {
  close(): Promise<void>
}

/** One pool for the process, which honours HTTPS_PROXY and NO_PROXY, gives up on a connect early, and can be closed at the end. */
export function openPool(): Pool {
  const pool = new EnvHttpProxyAgent({ connect: { timeout: CONNECT_TIMEOUT_MS } })
  // Node's own fetch has an undici of another version inside, and the two do not share pools: fetch comes from this one, too.
  install()
  const before = getGlobalDispatcher()
  setGlobalDispatcher(pool)
  return {
    async close() {
      setGlobalDispatcher(before)
      await pool.close()
    },
  }
}
