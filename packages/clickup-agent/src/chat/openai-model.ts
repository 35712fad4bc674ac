import OpenAI, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai'
import type { ModelConfig } from '../config/config.ts'
import { type ChatModel, ModelError } from './model.ts'

const INSTRUCTIONS = [
  'You are the ClickUp agent: you help a team with its work in ClickUp.',
  'You have no access to the ClickUp workspace yet. Never claim to have read or changed anything in it: say that you cannot, and help with what the user tells you.',
  'Answer in the language of the user, briefly.',
].join('\n')

/** Bounds what one turn can cost. */
const MAX_REPLY_TOKENS = 4096

export interface OpenAIModelOptions {
  /** Of one attempt; a turn's whole deadline is the caller's signal. */
  readonly timeoutMs?: number
  readonly maxRetries?: number
}

function translate(error: unknown): ModelError {
  if (error instanceof ModelError) return error
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) {
    return new ModelError('model_timeout', 'The model did not answer in time.', error)
  }
  if (error instanceof APIConnectionError) {
    return new ModelError('model_unreachable', "The model's API cannot be reached (see OPENAI_BASE_URL).", error)
  }
  if (error instanceof AuthenticationError || error instanceof PermissionDeniedError) {
    return new ModelError('model_key_refused', "The model's API refused the key (see OPENAI_API_KEY).", error)
  }
  if (error instanceof NotFoundError) {
    return new ModelError('model_unknown', "The model's API does not know this model (see OPENAI_MODEL).", error)
  }
  if (error instanceof RateLimitError) {
    return new ModelError('model_rate_limited', "The model's API refused for its rate limit or quota.", error)
  }
  if (error instanceof APIError && typeof error.status === 'number' && error.status < 500) {
    return new ModelError('model_request_refused', `The model's API refused the request (${error.status}).`, error)
  }
  return new ModelError('model_failed', "The model's API failed.", error)
}

/** Any service that speaks OpenAI's chat completions, through OpenAI's own client. */
export function openAIModel(config: ModelConfig, options: OpenAIModelOptions = {}): ChatModel {
  const client = new OpenAI({
    apiKey: config.apiKey,
    baseURL: config.baseURL,
    timeout: options.timeoutMs ?? 45_000,
    maxRetries: options.maxRetries ?? 2,
    // The client would print to the console by an env variable of its own, past our redaction.
    logLevel: 'off',
  })
  return {
    async reply(messages, { signal, requestId }) {
      try {
        const completion = await client.chat.completions.create(
          {
            model: config.model,
            messages: [{ role: 'system', content: INSTRUCTIONS }, ...messages],
            max_completion_tokens: MAX_REPLY_TOKENS,
          },
          { signal, headers: { 'X-Client-Request-Id': requestId } },
        )
        // Optional though typed as always there: servers that merely speak the protocol leave things out.
        const text = completion.choices?.[0]?.message?.content
        if (typeof text !== 'string' || text === '') {
          throw new ModelError('model_empty_reply', 'The model answered without a text.')
        }
        const { usage } = completion
        return {
          text,
          model: completion.model,
          tokens: usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : undefined,
        }
      } catch (error) {
        throw translate(error)
      }
    },
    async check(signal) {
      try {
        await client.models.list({ signal, maxRetries: 0 })
      } catch (error) {
        // It is there and knows the key: 403 = a restricted key that may chat but not list, 404/405 = a compatible server
        // without this endpoint, 429 = busy.
        const reachable = error instanceof APIError && [403, 404, 405, 429].includes(error.status)
        if (!reachable) throw translate(error)
      }
    },
  }
}
