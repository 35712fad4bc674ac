import { printable } from '../render/printable.ts'
import { Interrupted } from './interrupt.ts'
import type { Io } from './io.ts'

/** Questions to a person. There is none where nobody sits: then nothing is asked, and a missing answer is an error. */
export interface Prompt {
  /** `check` answers with what is wrong, or `undefined`. */
  text(
    question: string,
    options?: { readonly initial?: string; check?(value: string): string | undefined },
  ): Promise<string>
  /** What is typed is not shown. */
  secret(question: string): Promise<string>
  confirm(question: string, initial?: boolean): Promise<boolean>
}

/** Questions stand on stderr, so that stdout stays the command's own. Ctrl-C and `signal` throw Interrupted. */
export function promptOf(io: Io, signal: AbortSignal): Prompt | undefined {
  if (io.stdin.isTTY !== true || io.stderr.isTTY !== true) return undefined
  const streams = { input: io.stdin, output: io.stderr, signal, withGuide: false }
  return {
    text: async (message, { initial, check } = {}) => {
      const clack = await import('@clack/prompts')
      return answered(
        await clack.text({
          ...streams,
          message: printable(message),
          ...(initial === undefined ? {} : { initialValue: initial }),
          ...(check === undefined ? {} : { validate: (value) => check(value ?? '') }),
        }),
      )
    },
    secret: async (message) =>
      answered(await (await import('@clack/prompts')).password({ ...streams, message: printable(message) })),
    confirm: async (message, initial = false) =>
      answered(
        await (await import('@clack/prompts')).confirm({
          ...streams,
          message: printable(message),
          initialValue: initial,
        }),
      ),
  }
}

function answered<T>(value: T): Exclude<T, symbol> {
  if (!isAnswer(value)) throw new Interrupted()
  return value
}

/** Clack answers with a symbol where somebody cancelled. */
function isAnswer<T>(value: T): value is Exclude<T, symbol> {
  return typeof value !== 'symbol'
}
