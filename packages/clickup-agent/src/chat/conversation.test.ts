import { expect, it } from 'vitest'
import { MAX_CHARACTERS, MAX_TURNS, messagesFor } from './conversation.ts'

const turn = (text: string) => ({ userInput: text, reply: `re ${text}`, at: new Date(0) })

it('is the turns so far, oldest first, then what the user says now', () => {
  expect(messagesFor([turn('1'), turn('2')], 'now')).toEqual([
    { role: 'user', content: '1' },
    { role: 'assistant', content: 're 1' },
    { role: 'user', content: '2' },
    { role: 'assistant', content: 're 2' },
    { role: 'user', content: 'now' },
  ])
})

it('keeps the newest turns of a long conversation', () => {
  const messages = messagesFor(
    Array.from({ length: MAX_TURNS + 5 }, (_, i) => turn(`${i}`)),
    'now',
  )
  expect(messages).toHaveLength(MAX_TURNS * 2 + 1)
  expect(messages[0]).toEqual({ role: 'user', content: '5' })
})

it('drops whole turns that are too long, and never the question', () => {
  const long = { userInput: 'a'.repeat(MAX_CHARACTERS), reply: 'b', at: new Date(0) }
  expect(messagesFor([turn('old'), long, turn('new')], 'x'.repeat(30_000)).map((m) => m.content.slice(0, 5))).toEqual([
    'new',
    're ne',
    'xxxxx',
  ])
})
