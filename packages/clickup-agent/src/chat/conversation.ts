import type { Turn } from '../memory/memory.ts'
import type { Message } from './model.ts'

/** Bounds what a turn costs however long a conversation is: so many turns at most, and so many characters of them. */
export const MAX_TURNS = 20
export const MAX_CHARACTERS = 24_000

/** The newest turns that fit, oldest first, then what the user says now (which is never cut). */
export function messagesFor(turns: readonly Turn[], userInput: string): readonly Message[] {
  const fitting: Turn[] = []
  let left = MAX_CHARACTERS
  for (const turn of turns.slice(-MAX_TURNS).toReversed()) {
    left -= turn.userInput.length + turn.reply.length
    if (left < 0) break
    fitting.unshift(turn)
  }
  const past = fitting.flatMap((turn): Message[] => [
    { role: 'user', content: turn.userInput },
    { role: 'assistant', content: turn.reply },
  ])
  return [...past, { role: 'user', content: userInput }]
}
