import type { SHELLS } from '../commands/completion.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import type { Completed } from './words.ts'
import { zshScript } from './zsh.ts'

/** A script that needs nothing of us at TAB: starting Node for each would be felt. */
export function completionScript(shell: (typeof SHELLS)[number], completed: readonly Completed[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](completed)
}
