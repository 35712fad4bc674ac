import { resolve } from 'node:path'
import { useHost } from '@axle-ia/testbed/vitest'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const host = useHost()
const agent = resolve(import.meta.dirname, '..')
const bin = resolve(agent, '../axle/dist/bin.js')

function axle(words: readonly string[], input = '') {
  const { user, address, port, identity, hostKey } = host
  const reach = ['--host', `${user}@${address}:${port}`, '--identity', identity, '--host-key', hostKey]
  return execa(process.execPath, [bin, ...words, ...reach], { cwd: agent, input, reject: false, all: true })
}

async function answer(path: string, init: RequestInit = {}) {
  const response = await fetch(`http://${host.address}/clickup-agent${path}`, init)
  return { status: response.status, body: await response.json() }
}

const chat = (text: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ user_input: text, user_id: 'u1' }),
})

test('the agent, by its own config and without keys: it answers, and says what it lacks', async () => {
  const ran = await axle(['deploy'])
  expect(ran.exitCode, ran.all).toBe(0)
  expect(await answer('/')).toMatchObject({ status: 200, body: { name: 'clickup-agent' } })
  expect(await answer('/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
  const refused = await answer('/chat', chat('hello'))
  expect(refused.status).toBe(503)
  expect(JSON.stringify(refused.body)).toContain('OPENAI_API_KEY')
})

test('a key that is set makes a new release, which has it; the next deploy changes nothing', async () => {
  for (const [name, value] of [
    ['OPENAI_API_KEY', 'sk-not-a-key'],
    ['OPENAI_BASE_URL', 'http://127.0.0.1:9/v1'],
  ] as const) {
    const set = await axle(['env', 'set', name, '--service', 'clickup-agent'], value)
    expect(set.exitCode, set.all).toBe(0)
  }
  // Its model cannot be reached: the agent says that it is not healthy, and the release without the key goes on.
  const ran = await axle(['deploy'])
  expect(ran.exitCode, ran.all).toBe(1)
  expect((await answer('/health')).status).toBe(200)
  for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL']) {
    expect((await axle(['env', 'unset', name, '--service', 'clickup-agent'])).exitCode).toBe(0)
  }
  const same = await axle(['deploy'])
  expect(same.exitCode, same.all).toBe(0)
  expect(same.all.toLowerCase()).toContain('nothing to do')
})
