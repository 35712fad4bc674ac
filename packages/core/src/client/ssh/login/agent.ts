import type { Duplex } from 'node:stream'
import type { BaseAgent, ParsedKey } from 'ssh2'
import { fingerprint } from '../trust/known-hosts.ts'
import type { AgentKey } from './attempts.ts'

export interface HeldKey extends AgentKey {
  readonly parsed: ParsedKey
  /** An agent that knows no other key. */
  readonly agent: BaseAgent
}

/** What it holds an agent tells at once; it may be forwarded from another machine. */
const WITHIN = 5_000

/** What an agent holds, of the kinds that can be used. Throws where it does not answer. */
export async function agentKeys(
  socket: string,
  createAgent: (path: string) => BaseAgent,
  within = WITHIN,
): Promise<readonly HeldKey[]> {
  const asked = createAgent(socket)
  const opened = streamsOf(asked)
  const found = await new Promise<readonly unknown[]>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing within ${within / 1000} s`)), within)
    asked.getIdentities((error, keys) => {
      clearTimeout(timer)
      if (error === undefined || error === null) resolve(keys ?? [])
      else reject(error)
    })
  }).finally(() => {
    for (const stream of opened) stream.destroy()
  })
  return found.filter(isParsed).map((parsed) => {
    const agent = createAgent(socket)
    agent.getIdentities = (callback) => callback(null, [parsed])
    const blob = parsed.getPublicSSH()
    return { parsed, agent, blob, label: `${fingerprint(blob)}${parsed.comment === '' ? '' : ` ${parsed.comment}`}` }
  })
}

/** The library tells of the stream that it opens, and closes it only when the agent has answered. */
function streamsOf(agent: BaseAgent): readonly Duplex[] {
  const opened: Duplex[] = []
  const open = agent.getStream?.bind(agent)
  if (open !== undefined)
    agent.getStream = (callback) =>
      open((error, stream) => {
        if (stream !== undefined) opened.push(stream)
        callback(error, stream)
      })
  return opened
}

/** Kinds that the library does not know, such as those of security keys and certificates, it leaves as bytes. */
function isParsed(key: unknown): key is ParsedKey {
  return typeof key === 'object' && key !== null && 'getPublicSSH' in key
}
