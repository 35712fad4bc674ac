import manifest from '../package.json' with { type: 'json' }
import { Chat } from './chat/chat.ts'
import type { ChatModel } from './chat/model.ts'
import type { Config, ModelConfig } from './config/config.ts'
import { clickUpDependency, memoryDependency, modelDependency } from './health/dependencies.ts'
import { Health } from './health/health.ts'
import { createApp } from './http/app.ts'
import { listen } from './http/listen.ts'
import type { Logger } from './log/logger.ts'
import { openMemory } from './memory/open.ts'
import { openRemoteConnections } from './remote/connections.ts'

export interface Service {
  readonly url: string
  stop(graceMs: number): Promise<{ readonly cut: boolean }>
}

async function openModel(config: ModelConfig | undefined): Promise<ChatModel | undefined> {
  if (config === undefined) return undefined
  const { openAIModel } = await import('./chat/openai-model.ts')
  return openAIModel(config)
}

/** Puts the parts together. The order of the stop is the start's backwards: requests first, then what they lean on. */
export async function startService(config: Config, log: Logger): Promise<Service> {
  const connections = await openRemoteConnections(config)
  const model = await openModel(config.model)
  const memory = await openMemory(config.memory)
  const health = new Health({
    dependencies: [modelDependency(model), memoryDependency(memory), clickUpDependency(config.clickup)],
    log,
  })
  const app = createApp({
    name: manifest.name,
    version: manifest.version,
    allowedOrigins: config.allowedOrigins,
    chat: new Chat({ model, memory, log }),
    health,
    log,
  })
  const listener = await listen(app, { host: config.host, port: config.port })
  // Asked ahead: whoever waits for the first 200 (a deploy) does not also wait for the remote services' first answers.
  void health.report()

  return {
    url: listener.url,
    async stop(graceMs) {
      const result = await listener.stop(graceMs)
      await memory.close()
      await connections.close()
      return result
    },
  }
}
