import { expect, it } from 'vitest'
import type { Prompt } from '../../cli/io/prompt.ts'
import { Gate } from './gate.ts'

function person() {
  const asked: string[] = []
  const prompt: Prompt = {
    text: async (question) => `${asked.push(question)}`,
    secret: async (question) => `${asked.push(question)}`,
    confirm: async (question) => asked.push(question) > 0,
  }
  return { asked, prompt }
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

it('asks nothing before it is known that the host is meant', async () => {
  const { asked, prompt } = person()
  const gate = new Gate()
  const answer = gate.before(prompt).confirm('Trust it?')
  await turn()
  expect(asked).toEqual([])
  gate.mean()
  expect(await answer).toBe(true)
  expect(asked).toEqual(['Trust it?'])
})

it('asks nothing at all once it was left, also where it was meant before', async () => {
  const { asked, prompt } = person()
  const gate = new Gate()
  const parked = gate.before(prompt).secret('Passphrase')
  gate.leave()
  await expect(parked).rejects.toThrow('nobody goes there')
  await expect(gate.left).rejects.toThrow('nobody goes there')
  gate.mean()
  await expect(gate.before(prompt).secret('Passphrase')).rejects.toThrow('nobody goes there')
  expect(asked).toEqual([])
})
