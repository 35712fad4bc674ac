import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import * as z from 'zod'

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
})

export interface SeenRequest extends z.output<typeof requestSchema> {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>

export interface OpenAIServer {
  readonly baseURL: string
  readonly seen: readonly SeenRequest[]
  /** How chat completions are answered from now on. */
  onChat(handler: Handler): void
  /** The status of GET /models. */
  modelsStatus: number
  [Symbol.asyncDispose](): Promise<void>
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export function sendCompletion(response: ServerResponse, request: SeenRequest, content: string | null): void {
  sendJson(response, 200, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: request.model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content, refusal: null } }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  })
}

/** The other side of the wire: a server that speaks OpenAI's chat completions over real HTTP. By default it says what it was told last. */
export async function openAIServer(): Promise<OpenAIServer> {
  const seen: SeenRequest[] = []
  let handler: Handler = (request, response) =>
    sendCompletion(response, request, `You said: ${request.messages.at(-1)?.content}`)
  const state = { modelsStatus: 200 }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/v1/models') {
      sendJson(response, state.modelsStatus, { object: 'list', data: [] })
      return
    }
    const entry = { ...requestSchema.parse(JSON.parse(await text(request))), headers: request.headers }
    seen.push(entry)
    await handler(entry, response)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return Object.assign(state, {
    baseURL: `http://127.0.0.1:${port}/v1`,
    seen,
    onChat(next: Handler) {
      handler = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}
