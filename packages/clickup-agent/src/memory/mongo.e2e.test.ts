import { MongoClient } from 'mongodb'
import { afterAll, describe, expect, it } from 'vitest'
import { mongoServer } from '../testing/mongo-server.ts'
import { openAIServer, sendCompletion } from '../testing/openai-server.ts'
import { testService } from '../testing/test-service.ts'
import { memoryContract } from './memory.contract.ts'
import { openMongoMemory } from './mongo.ts'

const server = await mongoServer()

if ('unavailable' in server) {
  describe.skip(`MongoDB memory (there is no server to test against: ${server.unavailable})`, () => {
    it('is not tested', () => {})
  })
} else {
  afterAll(() => server[Symbol.asyncDispose]())
  const database = `clickup_agent_test_${process.pid}_${Date.now()}`
  const uri = server.uri.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${database}`)

  async function withDatabase<T>(name: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
    const client = new MongoClient(uri)
    try {
      return await work(client)
    } finally {
      await client.db(name).dropDatabase()
      await client.close()
    }
  }

  memoryContract('MongoDB', async () => ({
    open: () => openMongoMemory(uri),
    [Symbol.asyncDispose]: () => withDatabase(database, async () => {}),
  }))

  describe('MongoDB memory', () => {
    it('is one document a user, in the database that the URI names', async () => {
      const name = `${database}_named`
      const memory = openMongoMemory(uri.replace(database, name))
      await memory.remember('ann', { userInput: 'x', reply: 'y', at: new Date(0) })
      await memory.remember('ann', { userInput: 'x', reply: 'y', at: new Date(0) })
      await memory.close()
      const count = await withDatabase(name, (client) => client.db(name).collection('conversations').countDocuments())
      expect(count).toBe(1)
    })

    it('carries a conversation of /chat, and its loss is a 503 of /health and of /chat', async () => {
      await using openai = await openAIServer()
      await using service = await testService({
        OPENAI_API_KEY: 'k-12345',
        OPENAI_BASE_URL: openai.baseURL,
        MONGO_URI: uri,
      })
      openai.onChat((request, response) => sendCompletion(response, request, `${request.messages.length} messages`))
      await service.say('talker', 'one')
      expect(await (await service.say('talker', 'two')).json()).toMatchObject({ reply: '4 messages', remembered: true })
      expect((await fetch(`${service.url}/health`)).status).toBe(200)

      if (server.kill === undefined) return
      await server.kill()
      await expect.poll(async () => (await fetch(`${service.url}/health`)).status, { timeout: 8000 }).toBe(503)
      const answer = await service.say('talker', 'three')
      expect([answer.status, await answer.json()]).toMatchObject([503, { error: { code: 'memory_unavailable' } }])
    }, 20_000)
  })
}
