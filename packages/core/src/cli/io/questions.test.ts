import { describe, expect, it } from 'vitest'
import { Interrupted } from './interrupt.ts'
import type { Prompt } from './prompt.ts'
import { Questions } from './questions.ts'

/** Somebody who answers when told to; and what was seen, in order. */
function person() {
  const seen: string[] = []
  const waiting: ((answer: string | Error) => void)[] = []
  const secret = (question: string) =>
    new Promise<string>((resolve, reject) => {
      seen.push(question)
      waiting.push((answer) => (typeof answer === 'string' ? resolve(answer) : reject(answer)))
    })
  const prompt: Prompt = { text: secret, secret, confirm: async () => true }
  const screen = {
    hold: async <T>(work: () => Promise<T>) => {
      seen.push('held')
      try {
        return await work()
      } finally {
        seen.push('free')
      }
    },
  }
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { prompt, screen, seen, settled, answer: (text: string | Error) => waiting.shift()?.(text) }
}

describe('questions', () => {
  it('stand one at a time, whoever asks', async () => {
    const { prompt, screen, seen, settled, answer } = person()
    const questions = new Questions(prompt)
    questions.drawnBy(screen)
    const first = questions.prompt?.secret('passphrase')
    const second = questions.prompt?.secret('value')
    await settled()
    expect(seen).toEqual(['held', 'passphrase'])
    answer('one')
    await settled()
    expect(seen).toEqual(['held', 'passphrase', 'free', 'held', 'value'])
    answer('two')
    expect([await first, await second]).toEqual(['one', 'two'])
  })

  it('asked before there was a screen: what draws then waits for the answer', async () => {
    const { prompt, screen, seen, settled, answer } = person()
    const questions = new Questions(prompt)
    const asked = questions.prompt?.secret('passphrase')
    await settled()
    questions.drawnBy(screen)
    await settled()
    expect(seen).toEqual(['passphrase', 'held'])
    answer('typed')
    expect(await asked).toBe('typed')
    await settled()
    expect(seen).toEqual(['passphrase', 'held', 'free'])
  })

  it('who leaves one leaves them all; a wrong answer does not', async () => {
    const { prompt, seen, settled, answer } = person()
    let ended = 0
    const questions = new Questions(prompt, () => {
      ended += 1
    })
    const failed = questions.prompt?.secret('first')
    await settled()
    answer(new Error('no terminal'))
    await expect(failed).rejects.toThrow('no terminal')
    const left = [questions.prompt?.secret('second'), questions.prompt?.secret('third')]
    await settled()
    answer(new Interrupted())
    for (const one of left) await expect(one).rejects.toThrow(Interrupted)
    expect(seen).toEqual(['first', 'second'])
    expect(ended).toBe(1)
  })

  it('are none where nobody sits', () => {
    expect(new Questions(undefined).prompt).toBeUndefined()
  })
})
