export interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

export interface Reply {
  readonly text: string
  readonly model: string
  readonly tokens: { readonly input: number; readonly output: number } | undefined
}

export interface CallContext {
  readonly signal: AbortSignal
  readonly requestId: string
}

export interface ChatModel {
  reply(messages: readonly Message[], context: CallContext): Promise<Reply>
  /** Costs no tokens. Resolves when the model's API is there and takes the key; a ModelError says why not. */
  check(signal: AbortSignal): Promise<void>
}

export type ModelErrorCode =
  | 'model_timeout'
  | 'model_unreachable'
  | 'model_key_refused'
  | 'model_unknown'
  | 'model_rate_limited'
  | 'model_request_refused'
  | 'model_failed'
  | 'model_empty_reply'

/** What a caller may know of a failed model call; the cause, which may say more, is for the log. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode

  constructor(code: ModelErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
