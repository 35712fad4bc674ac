import { join } from 'node:path'
import { loadConfig } from '../config/config.ts'
import { createLogger } from '../log/logger.ts'
import { redactor } from '../log/redact.ts'
import { startService } from '../service.ts'
import { tempDir } from './temp-dir.ts'

export interface TestService extends AsyncDisposable {
  readonly url: string
  readonly dataFile: string
  readonly logs: readonly string[]
  chat(body: unknown, headers?: Record<string, string>): Promise<Response>
  say(userId: string, userInput: string): Promise<Response>
}

/** The whole service in this process, on a free port, with a data folder of its own. */
export async function testService(env: Record<string, string> = {}): Promise<TestService> {
  const dir = await tempDir()
  const config = loadConfig({ PORT: '0', DATA_DIR: dir.path, ENVIRONMENT: 'test', LOG_LEVEL: 'debug', ...env })
  const logs: string[] = []
  const log = createLogger({
    level: config.logLevel,
    environment: config.environment,
    redact: redactor(config.secrets),
    destination: { write: (line: string) => void logs.push(line) },
  })
  const service = await startService(config, log)
  const chat = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${service.url}/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return {
    url: service.url,
    dataFile: join(dir.path, 'clickup-agent.sqlite'),
    logs,
    chat,
    say: (userId, userInput) => chat({ user_id: userId, user_input: userInput }),
    async [Symbol.asyncDispose]() {
      await service.stop(100)
      await dir[Symbol.asyncDispose]()
    },
  }
}
