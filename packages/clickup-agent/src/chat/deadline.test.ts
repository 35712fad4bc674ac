import { expect, it } from 'vitest'
import { createLogger } from '../log/logger.ts'
import { openSqliteMemory } from '../memory/sqlite.ts'
import { openAIServer, sendCompletion } from '../testing/openai-server.ts'
import { tempDir } from '../testing/temp-dir.ts'
import { Chat } from './chat.ts'
import { openAIModel } from './openai-model.ts'

const log = createLogger({ level: 'silent', environment: 'test', redact: (text) => text })
const turn = { userId: 'u', userInput: 'x', requestId: 'r', signal: new AbortController().signal }

it('ends a turn at its deadline, and one that waited behind it', async () => {
  await using openai = await openAIServer()
  await using dir = await tempDir()
  openai.onChat(() => {})
  const memory = openSqliteMemory(`${dir.path}/m.sqlite`)
  const model = openAIModel({ apiKey: 'k', baseURL: openai.baseURL, model: 'm' })
  const chat = new Chat({ model, memory, log, deadlineMs: 200 })
  const start = performance.now()
  const ends = await Promise.allSettled([chat.turn(turn), chat.turn(turn)])
  expect(performance.now() - start).toBeLessThan(1000)
  expect(ends).toMatchObject([{ reason: { code: 'model_timeout' } }, { reason: { code: 'model_timeout' } }])
  await memory.close()
})

it('ends an attempt that is too slow as a time-out, too', async () => {
  await using openai = await openAIServer()
  openai.onChat(() => {})
  const model = openAIModel({ apiKey: 'k', baseURL: openai.baseURL, model: 'm' }, { timeoutMs: 50, maxRetries: 0 })
  await expect(model.reply([], turn)).rejects.toMatchObject({ code: 'model_timeout' })
})

it('gives a good reply also when it cannot be stored, and says so', async () => {
  await using openai = await openAIServer()
  await using dir = await tempDir()
  openai.onChat((request, response) => sendCompletion(response, request, 'hello'))
  const memory = openSqliteMemory(`${dir.path}/m.sqlite`)
  const broken = { ...memory, remember: () => Promise.reject(new Error('disk full')) }
  const model = openAIModel({ apiKey: 'k', baseURL: openai.baseURL, model: 'm' })
  const answer = await new Chat({ model, memory: broken, log }).turn(turn)
  expect(answer).toMatchObject({ text: 'hello', remembered: false })
  await memory.close()
})
