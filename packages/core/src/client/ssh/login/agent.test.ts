import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { agentKeys } from './agent.ts'

it('an agent that says nothing is left, and its socket closed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'axle-agent-'))
  const closed = Promise.withResolvers<void>()
  const mute = createServer((socket) => {
    socket.resume().on('close', () => closed.resolve())
  }).listen(join(folder, 'agent'))
  try {
    await once(mute, 'listening')
    await expect(agentKeys(join(folder, 'agent'), ssh2.createAgent, 50)).rejects.toThrow('nothing within')
    await closed.promise
  } finally {
    mute.close()
    await rm(folder, { recursive: true })
  }
})
