import type { ContentfulStatusCode } from 'hono/utils/http-status'

export interface ApiErrorOptions {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
  readonly details?: readonly { readonly path: string; readonly problem: string }[]
  readonly cause?: unknown
}

/** An answer that is an error: what a caller is told, in the one form that all of them have. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  readonly details: ApiErrorOptions['details']

  constructor({ status, code, message, headers = {}, details, cause }: ApiErrorOptions) {
    super(message, { cause })
    this.status = status
    this.code = code
    this.headers = headers
    this.details = details
  }

  toJson(requestId: string): string {
    const { code, message, details } = this
    return JSON.stringify({ error: { code, message, request_id: requestId, details } })
  }
}
