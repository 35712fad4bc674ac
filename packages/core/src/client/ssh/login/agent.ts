import type { BaseAgent, ParsedKey } from 'ssh2'
import { fingerprint } from '../trust/known-hosts.ts'
import type { AgentKey } from './attempts.ts'

export interface HeldKey extends AgentKey {
  readonly parsed: ParsedKey
  /** An agent that knows no other key. */
  readonly agent: BaseAgent
}

/** What an agent holds, of the kinds that can be used. Throws where it does not answer. */
export async function agentKeys(socket: string, createAgent: (path: string) => BaseAgent): Promise<readonly HeldKey[]> {
  const found = await new Promise<readonly unknown[]>((resolve, reject) => {
    createAgent(socket).getIdentities((error, keys) => {
      if (error === undefined || error === null) resolve(keys ?? [])
      else reject(error)
    })
  })
  return found.filter(isParsed).map((parsed) => {
    const agent = createAgent(socket)
    agent.getIdentities = (callback) => callback(null, [parsed])
    const blob = parsed.getPublicSSH()
    return { parsed, agent, blob, label: `${fingerprint(blob)}${parsed.comment === '' ? '' : ` ${parsed.comment}`}` }
  })
}

/** Kinds that the library does not know, such as those of security keys and certificates, it leaves as bytes. */
function isParsed(key: unknown): key is ParsedKey {
  return typeof key === 'object' && key !== null && 'getPublicSSH' in key
}
