import type { Prompt } from '../io/prompt.ts'
import type { Reporter } from './reporter.ts'

/** The same questions, asked while nothing else is drawn: a live line would erase what somebody is typing. */
export function heldPrompt(prompt: Prompt | undefined, reporter: Pick<Reporter, 'hold'>): Prompt | undefined {
  if (prompt === undefined) return undefined
  return {
    text: (...question) => reporter.hold(() => prompt.text(...question)),
    secret: (...question) => reporter.hold(() => prompt.secret(...question)),
    confirm: (...question) => reporter.hold(() => prompt.confirm(...question)),
  }
}
