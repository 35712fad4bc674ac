import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Facts } from './host.ts'
import { LocalHost } from './local-host.ts'

export const testFacts: Facts = {
  hostname: 'test',
  os: { id: 'debian', version: '12', like: [] },
  arch: 'x64',
  addresses: [],
  services: [],
}

/** A host below a folder of its own, which goes with the test. */
export async function makeTestHost(): Promise<LocalHost> {
  const root = await mkdtemp(join(tmpdir(), 'axle-host-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  return new LocalHost({ root, facts: testFacts, uid: process.getuid?.() ?? 0 })
}
