import type { KeySources } from '../route.ts'
import type { KeyFile } from './key-file.ts'

/** A key that the agent holds. */
export interface AgentKey {
  readonly blob: Buffer
  readonly label: string
}

export type Attempt<K extends AgentKey> =
  | { readonly by: 'agent'; readonly key: K; readonly label: string; readonly sure: boolean }
  | { readonly by: 'file'; readonly file: KeyFile; readonly label: string }
  /** Needs its passphrase first. */
  | { readonly by: 'passphrase'; readonly file: KeyFile; readonly label: string }

/** Which keys are tried, likeliest first: every wrong one is a round trip, and a host takes few of them. */
export function attempts<K extends AgentKey>(
  { named, only }: Pick<KeySources, 'named' | 'only'>,
  files: readonly KeyFile[],
  agentKeys: readonly K[],
): readonly Attempt<K>[] {
  const held = (file: KeyFile) => agentKeys.find(({ blob }) => file.blob?.equals(blob) === true)
  const byAgent = (key: K, sure: boolean): Attempt<K> => ({ by: 'agent', key, label: `${key.label} (agent)`, sure })
  const first = files.flatMap((file): Attempt<K>[] => {
    const key = held(file)
    if (key !== undefined) return [{ ...byAgent(key, named), label: `${file.path} (agent)` }]
    return file.state === 'open' ? [{ by: 'file', file, label: file.path }] : []
  })
  const others = only
    ? []
    : agentKeys.filter((key) => !files.some((file) => held(file) === key)).map((key) => byAgent(key, false))
  const locked = files.flatMap((file): Attempt<K>[] =>
    file.state === 'encrypted' && held(file) === undefined ? [{ by: 'passphrase', file, label: file.path }] : [],
  )
  if (named) return [...first, ...others, ...locked]
  // Of the usual files nobody knows whether this host knows them: what the agent holds comes first, as with ssh(1).
  const inAgent = first.filter(({ by }) => by === 'agent')
  return [...inAgent, ...others, ...first.filter(({ by }) => by !== 'agent'), ...locked]
}
