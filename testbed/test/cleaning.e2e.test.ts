import { randomBytes } from 'node:crypto'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { down, list, sweep, up } from '../src/index.ts'
import { identify, type ProcessId } from '../src/machine/owner.ts'
import { useHost } from '../src/vitest/index.ts'

// Only for its skipping: these tests make the hosts they need themselves.
const { unavailable } = useHost({ needs: ['kill', 'disposable'] })

const tag = randomBytes(3).toString('hex')
const [left, byHand, living] = [`left-${tag}`, `hand-${tag}`, `living-${tag}`]
const names = async () => (await list()).map((host) => host.name)

afterAll(async () => {
  if (unavailable !== undefined) return
  for (const name of [left, byHand, living]) await down(name)
})

test('the next run removes what a killed run left, and only that', async () => {
  const dead = await deadProcess()
  await Promise.all([
    up(left, { image: 'bare', owner: dead }),
    up(byHand, { image: 'bare' }),
    up(living, { image: 'bare', owner: own() }),
  ])
  const removed = await sweep()
  expect(removed).toContain(left)
  expect(await names()).toEqual(expect.arrayContaining([byHand, living]))
  expect(await names()).not.toContain(left)
})

test('hosts made at the same time get addresses of their own', async () => {
  const addresses = (await list()).map((host) => host.address)
  expect(new Set(addresses).size).toBe(addresses.length)
})

test('up of a host that is up is the same host, and quick', async () => {
  const started = performance.now()
  const again = await up(byHand, { image: 'bare' })
  console.log(`up of a running host: ${Math.round(performance.now() - started)} ms`)
  expect(again).toEqual((await list()).find((host) => host.name === byHand))
  await expect(up(byHand, { image: 'standard' })).rejects.toThrow(/bare image/)
})

test('a further host is up quickly', async () => {
  await down(byHand)
  const started = performance.now()
  await up(byHand, { image: 'bare' })
  console.log(`a further host: ${Math.round(performance.now() - started)} ms`)
})

test('down of what is not there says so, and a name cannot leave its folder', async () => {
  expect(await down(left)).toBe(false)
  await expect(up('../etc')).rejects.toThrow(/cannot be a host's name/)
})

async function deadProcess(): Promise<ProcessId> {
  const child = execa('sleep', ['60'], { reject: false })
  const id = child.pid === undefined ? undefined : identify(child.pid)
  child.kill('SIGKILL')
  await child
  if (id === undefined) throw new Error('the child had no /proc entry')
  return id
}

function own(): ProcessId {
  const id = identify(process.pid)
  if (id === undefined) throw new Error('no /proc/self/stat')
  return id
}
