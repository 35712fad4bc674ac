import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { RequestIdVariables } from 'hono/request-id'
import * as z from 'zod'
import type { Chat } from '../chat/chat.ts'
import { ApiError } from './api-error.ts'

const MAX_BODY_BYTES = 64 * 1024

const bodySchema = z.object({
  user_input: z
    .string()
    .max(8000)
    .refine((text) => text.trim() !== '', { error: 'expected a text that is not blank' }),
  user_id: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .regex(/^\P{Cc}*$/u, 'expected no control characters'),
})

function tooLarge(): never {
  throw new ApiError({ status: 413, code: 'body_too_large', message: `A body has at most ${MAX_BODY_BYTES} bytes.` })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError({ status: 400, code: 'invalid_json', message: 'The body is not JSON.' })
  }
}

function parseBody(text: string): z.output<typeof bodySchema> {
  const parsed = bodySchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new ApiError({
    status: 400,
    code: 'invalid_body',
    message: 'The body is not {"user_input": string, "user_id": string}.',
    details: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), problem: issue.message })),
  })
}

export function chatRoute(chat: Chat): Hono<{ Variables: RequestIdVariables }> {
  const route = new Hono<{ Variables: RequestIdVariables }>()
  route.post('/', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }), async (c) => {
    // A form or plain text could be posted from any web page without the browser asking us first (CORS preflight).
    if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
      throw new ApiError({ status: 415, code: 'not_json', message: 'Send the body as application/json.' })
    }
    const body = parseBody(await c.req.text())
    const answer = await chat.turn({
      userId: body.user_id,
      userInput: body.user_input,
      requestId: c.get('requestId'),
      signal: c.req.raw.signal,
    })
    return c.json({
      reply: answer.text,
      user_id: body.user_id,
      model: answer.model,
      tokens: answer.tokens ?? null,
      remembered: answer.remembered,
      request_id: c.get('requestId'),
    })
  })
  return route
}
