/** One exchange, kept whole: there is never a question in the store without its answer. */
export interface Turn {
  readonly userInput: string
  readonly reply: string
  readonly at: Date
}

/** What the agent remembers of its users' conversations. */
export interface Memory {
  readonly kind: 'sqlite' | 'mongodb'
  /** The newest turns of a user, oldest first. */
  recent(userId: string, limit: number): Promise<readonly Turn[]>
  remember(userId: string, turn: Turn): Promise<void>
  /** Resolves when the store can be read and written; the error says why not. */
  check(): Promise<void>
  close(): Promise<void>
}

/**
 * What is kept of a user; older turns are dropped. 100 turns of the longest question and answer that /chat lets through
 * are below MongoDB's 16 MB a document.
 */
export const KEPT_TURNS = 100
