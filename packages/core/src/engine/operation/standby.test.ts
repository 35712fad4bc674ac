import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { awaitRequest } from './standby.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'axle-standby-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))
const file = () => join(root, 'operations/op/request.json')

it('goes on once the request is there', async () => {
  const waiting = awaitRequest(file(), process.pid)
  await writeFile(join(root, 'operations/op/.new'), '{}')
  await rename(join(root, 'operations/op/.new'), file())
  expect(await waiting).toBe(true)
})

it('ends with a viewer that never asked for anything, and leaves nothing', async () => {
  const viewer = spawn('sleep', ['60'])
  const waiting = awaitRequest(file(), viewer.pid ?? 0)
  viewer.kill('SIGKILL')
  await once(viewer, 'exit')
  expect(await waiting).toBe(false)
  expect(await readdir(join(root, 'operations'))).toEqual([])
})

it('takes what a viewer wrote before it died', async () => {
  const viewer = spawn('true')
  await once(viewer, 'exit')
  const waiting = awaitRequest(file(), process.pid)
  await writeFile(file(), '{}')
  expect(await waiting).toBe(true)
  expect(await awaitRequest(file(), viewer.pid ?? 0)).toBe(true)
})
