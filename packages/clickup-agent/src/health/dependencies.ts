import { type ChatModel, ModelError } from '../chat/model.ts'
import type { ClickUpConfig } from '../config/config.ts'
import type { Memory } from '../memory/memory.ts'
import { checkClickUp } from './clickup.ts'
import { type Dependency, HealthProblem } from './dependency.ts'

/** Of what is not ours: others pay for each question. */
const REMOTE_FRESH_MS = 10_000
const LOCAL_FRESH_MS = 1000

export function modelDependency(model: ChatModel | undefined): Dependency {
  return {
    name: 'model',
    // Without its model the service has nothing to say, so a key that was given has to work.
    required: true,
    missing: model === undefined ? ['OPENAI_API_KEY'] : [],
    freshMs: REMOTE_FRESH_MS,
    async check(signal) {
      try {
        await model?.check(signal)
      } catch (error) {
        throw error instanceof ModelError ? new HealthProblem(error.message, { cause: error.cause }) : error
      }
    },
  }
}

export function memoryDependency(memory: Memory): Dependency {
  return { name: 'memory', required: true, missing: [], freshMs: LOCAL_FRESH_MS, check: () => memory.check() }
}

/** Optional until the ClickUp tools are there: nothing that the service does today fails with it. */
export function clickUpDependency({ apiKey, teamId }: ClickUpConfig, baseUrl?: string): Dependency {
  const missing = [
    ...(apiKey === undefined ? ['CLICKUP_API_KEY'] : []),
    ...(teamId === undefined ? ['CLICKUP_TEAM_ID'] : []),
  ]
  return {
    name: 'clickup',
    required: false,
    missing,
    freshMs: REMOTE_FRESH_MS,
    async check(signal) {
      if (apiKey !== undefined && teamId !== undefined) await checkClickUp({ apiKey, teamId, signal, baseUrl })
    },
  }
}
