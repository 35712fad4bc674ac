import type { Logger } from '../log/logger.ts'
import type { Memory, Turn } from '../memory/memory.ts'
import { MAX_TURNS, messagesFor } from './conversation.ts'
import { type ChatModel, ModelError, type Reply } from './model.ts'
import { TurnsInOrder } from './turns-in-order.ts'

/** Below the 60 s after which nginx gives up on an app: the caller gets our answer, which says what happened, not a bare 504. */
const DEADLINE_MS = 50_000

export class ModelNotConfiguredError extends Error {
  override readonly name = 'ModelNotConfiguredError'
}

export class MemoryError extends Error {
  override readonly name = 'MemoryError'
}

/** The client hung up: there is nobody left to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
}

export interface ChatRequest {
  readonly userId: string
  readonly userInput: string
  readonly requestId: string
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
}

export interface ChatAnswer extends Reply {
  /** False when the reply is good but could not be stored: the next turn will not know of this one. */
  readonly remembered: boolean
}

export interface ChatOptions {
  readonly model: ChatModel | undefined
  readonly memory: Memory
  readonly log: Logger
  readonly deadlineMs?: number
}

export class Chat {
  readonly #options: ChatOptions
  readonly #turns = new TurnsInOrder()

  constructor(options: ChatOptions) {
    this.#options = options
  }

  async turn(request: ChatRequest): Promise<ChatAnswer> {
    const { model, deadlineMs = DEADLINE_MS } = this.#options
    if (model === undefined) throw new ModelNotConfiguredError('/chat needs a model: OPENAI_API_KEY is not set.')
    // The deadline runs while the turn waits for the user's turn before it, too: it is the caller's time.
    const deadline = AbortSignal.timeout(deadlineMs)
    return await this.#turns.run(request.userId, () => this.#answer(model, request, deadline))
  }

  async #answer(model: ChatModel, request: ChatRequest, deadline: AbortSignal): Promise<ChatAnswer> {
    const reply = await this.#ask(model, request, deadline)
    const turn: Turn = { userInput: request.userInput, reply: reply.text, at: new Date() }
    return { ...reply, remembered: await this.#remember(request, turn) }
  }

  async #ask(model: ChatModel, request: ChatRequest, deadline: AbortSignal): Promise<Reply> {
    const messages = messagesFor(await this.#recall(request.userId), request.userInput)
    const signal = AbortSignal.any([request.signal, deadline])
    try {
      if (signal.aborted) throw new ModelError('model_timeout', 'The model did not answer in time.')
      return await model.reply(messages, { signal, requestId: request.requestId })
    } catch (error) {
      if (request.signal.aborted) throw new ClientGoneError('The client is gone.', { cause: error })
      throw error
    }
  }

  async #recall(userId: string): Promise<readonly Turn[]> {
    try {
      return await this.#options.memory.recent(userId, MAX_TURNS)
    } catch (error) {
      throw new MemoryError('The memory store cannot be read.', { cause: error })
    }
  }

  async #remember({ userId, requestId }: ChatRequest, turn: Turn): Promise<boolean> {
    try {
      await this.#options.memory.remember(userId, turn)
      return true
    } catch (err) {
      this.#options.log.error({ err, requestId }, 'the reply could not be stored')
      return false
    }
  }
}
