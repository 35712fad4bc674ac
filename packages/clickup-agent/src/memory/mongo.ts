import { MongoClient, MongoServerError } from 'mongodb'
import { ConfigError } from '../config/config-error.ts'
import { KEPT_TURNS, type Memory, type Turn } from './memory.ts'

interface Conversation {
  /** The user's id: one document a user, so that adding a turn and dropping old ones is one atomic update. */
  readonly _id: string
  readonly turns: readonly Turn[]
}

const DEFAULT_DATABASE = 'clickup_agent'
const DUPLICATE_KEY = 11_000

/** A store that hangs must become an error while the caller of /chat still waits. */
const OPTIONS = {
  appName: 'clickup-agent',
  serverSelectionTimeoutMS: 3000,
  connectTimeoutMS: 3000,
  socketTimeoutMS: 5000,
  waitQueueTimeoutMS: 3000,
}

/** The driver falls back to a database called `test`, which is nowhere to keep conversations. */
function databaseOf(uri: string): string {
  const name = uri.match(/^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/)?.[1]
  return name === undefined ? DEFAULT_DATABASE : decodeURIComponent(name)
}

function clientOf(uri: string): MongoClient {
  try {
    return new MongoClient(uri, OPTIONS)
  } catch {
    // The driver's own message can quote a part of the URI.
    throw new ConfigError([{ variable: 'MONGO_URI', problem: 'the MongoDB driver cannot read this connection string' }])
  }
}

/** Memory in MongoDB. It connects with the first use: a server that is away for a moment must not stop the service's start. */
export function openMongoMemory(uri: string): Memory {
  const client = clientOf(uri)
  const conversations = client.db(databaseOf(uri)).collection<Conversation>('conversations')

  async function push(userId: string, turn: Turn): Promise<void> {
    await conversations.updateOne(
      { _id: userId },
      { $push: { turns: { $each: [turn], $slice: -KEPT_TURNS } } },
      { upsert: true },
    )
  }

  return {
    kind: 'mongodb',
    async recent(userId, limit) {
      const found = await conversations.findOne({ _id: userId }, { projection: { turns: { $slice: -limit } } })
      return found?.turns ?? []
    },
    async remember(userId, turn) {
      try {
        await push(userId, turn)
      } catch (error) {
        // Two first turns of one user at once: both try to insert, one is told that the other has. It is an update now.
        if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error
        await push(userId, turn)
      }
    },
    async check() {
      // Reads the collection (not a mere ping), so that refused credentials show.
      await conversations.findOne({ _id: '' }, { projection: { _id: 1 } })
    },
    async close() {
      await client.close()
    },
  }
}
