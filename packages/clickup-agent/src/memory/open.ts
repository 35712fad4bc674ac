import type { MemoryConfig } from '../config/config.ts'
import type { Memory } from './memory.ts'

export class MemoryOpenError extends Error {
  override readonly name = 'MemoryOpenError'
}

/** Only the store in use is loaded: the MongoDB driver is the slowest of all to load. */
export async function openMemory(config: MemoryConfig): Promise<Memory> {
  switch (config.kind) {
    case 'sqlite': {
      const { openSqliteMemory } = await import('./sqlite.ts')
      try {
        return openSqliteMemory(config.file)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new MemoryOpenError(`Cannot open ${config.file} (see DATA_DIR): ${reason}`, { cause: error })
      }
    }
    case 'mongodb': {
      const { openMongoMemory } = await import('./mongo.ts')
      return openMongoMemory(config.uri)
    }
  }
}
