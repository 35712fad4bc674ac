import { ClientGoneError, MemoryError, ModelNotConfiguredError } from '../chat/chat.ts'
import { ModelError } from '../chat/model.ts'
import { TooManyTurnsError } from '../chat/turns-in-order.ts'
import { ApiError } from './api-error.ts'

/** What each failure of the service is in HTTP. Whatever is not known here is a 500 that says nothing of its cause. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof ModelError) {
    // 502: we work, what we lean on does not. 504: it was too slow.
    const status = error.code === 'model_timeout' ? 504 : 502
    return new ApiError({ status, code: error.code, message: error.message, cause: error.cause })
  }
  if (error instanceof ModelNotConfiguredError) {
    return new ApiError({ status: 503, code: 'model_not_configured', message: error.message })
  }
  if (error instanceof MemoryError) {
    return new ApiError({ status: 503, code: 'memory_unavailable', message: error.message, cause: error.cause })
  }
  if (error instanceof TooManyTurnsError) {
    return new ApiError({
      status: 429,
      code: 'too_many_turns',
      message: error.message,
      headers: { 'retry-after': '1' },
    })
  }
  if (error instanceof ClientGoneError) {
    // Nobody reads it but the access log.
    return new ApiError({ status: 400, code: 'client_gone', message: error.message })
  }
  return new ApiError({
    status: 500,
    code: 'internal',
    message: 'Something went wrong here; the log knows.',
    cause: error,
  })
}
