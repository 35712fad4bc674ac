import * as z from 'zod'
import { EXIT } from '../../protocol/exit.ts'
import { SHELLS } from '../commands/completion.ts'
import { completionScript } from '../completion/script.ts'
import { wordsOf } from '../completion/words.ts'
import type { Action } from '../context.ts'
import { checkArgument, checkOptions } from '../options/check.ts'

export const completionAction: Action = async (invocation, { io, side }) => {
  checkOptions(invocation)
  const shell = checkArgument('Shell', invocation.arguments[0], z.enum(SHELLS))
  io.stdout.write(completionScript(shell, wordsOf(side)))
  return EXIT.done
}
