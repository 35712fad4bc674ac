import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Argv } from './host.ts'
import { pipeCommand } from './pipe-command.ts'

async function* pieces(...all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all
}

async function pipe(argv: Argv, input: AsyncIterable<Uint8Array> = pieces(), signal = new AbortController().signal) {
  const said = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] }
  let stopped = 0
  const exit = await pipeCommand(argv, {
    input,
    output: async (stream, bytes) => void said[stream].push(bytes),
    signal,
    stop: async () => void stopped++,
  })
  return { exit, stopped, stdout: Buffer.concat(said.stdout), stderr: Buffer.concat(said.stderr) }
}

test('bytes of any kind go in and come out as they are, more than a pipe holds', async () => {
  const bytes = randomBytes(3_000_000)
  const { stdout, exit } = await pipe(['cat'], pieces(bytes.subarray(0, 7), bytes.subarray(7)))
  expect(exit).toBe(0)
  expect(stdout.equals(bytes)).toBe(true)
})

test('both outputs apart, and the exit code', async () => {
  const { stdout, stderr, exit } = await pipe(['sh', '-c', 'echo out; echo err >&2; exit 42'])
  expect([stdout.toString(), stderr.toString(), exit]).toEqual(['out\n', 'err\n', 42])
})

test('a program that reads nothing of its input, and one that is killed', async () => {
  expect((await pipe(['true'], pieces(randomBytes(1_000_000)))).exit).toBe(0)
  expect((await pipe(['sh', '-c', 'kill -KILL $$'])).exit).toBe(137)
})

test('a viewer that leaves ends it', async () => {
  const left = new AbortController()
  setTimeout(() => left.abort(), 50)
  const { stopped } = await pipe(['sleep', '60'], pieces(), left.signal)
  expect(stopped).toBe(1)
})

test('no such program', async () => {
  await expect(pipe(['/does/not/exist'])).rejects.toMatchObject({ code: 'AXLE_COMMAND' })
})
