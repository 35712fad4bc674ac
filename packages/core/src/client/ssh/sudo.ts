import type { Prompt } from '../../cli/io/prompt.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { Channel } from './connection.ts'

/** `silent` fails where a password is needed; `asking` waits for one on standard input. */
export type SudoMode = 'silent' | 'asking'

/** What sudo prints when it wants a password. Public: it stands on the command line. */
export const SUDO_PROMPT = 'AXLE1-PASSWORD:'

const NEEDED = /a password is required|interactive authentication is required/i
const SILENCE_MS = 60_000

/** Whether that is what stopped a silent sudo. */
export function wantsPassword(thrown: unknown): boolean {
  return thrown instanceof AxleError && thrown.code === 'AXLE_RIGHTS' && NEEDED.test(thrown.output ?? '')
}

/** What sudo says, as an error; `undefined` where it is not sudo that speaks. */
export function sudoRefusal(output: string, user: string): AxleError | undefined {
  const refuse = (message: string, hint?: string) =>
    new AxleError('AXLE_RIGHTS', message, { output, ...(hint === undefined ? {} : { hint }) })
  const [, attempts] = /(\d+) incorrect password attempts?/.exec(output) ?? []
  if (attempts !== undefined)
    return refuse(
      `sudo on the host did not take the password of ${user}: it allows ${attempts} ${attempts === '1' ? 'try' : 'tries'}.`,
      `Run the command again with the password that ${user} has on the host.`,
    )
  if (NEEDED.test(output))
    return refuse(
      `sudo on the host wants the password of ${user}, and there is no terminal to ask for it.`,
      `Run the command in a terminal, or let sudo ask for none. On the host, as root:\n  echo '${user} ALL=(ALL:ALL) NOPASSWD: ALL' > /etc/sudoers.d/${user}`,
    )
  if (/not in the sudoers file|is not allowed to (?:run|execute)|may not run sudo/i.test(output))
    return refuse(
      `${user} may not become root with sudo on the host.`,
      `Log in as root, or on the host, as root: adduser ${user} sudo`,
    )
  if (/must have a tty/i.test(output))
    return refuse(
      `sudo on the host runs only on a terminal (requiretty), which would spoil what is sent.`,
      `On the host, as root: echo 'Defaults:${user} !requiretty' > /etc/sudoers.d/${user}-notty`,
    )
  return /sudo/.test(output) ? refuse(`sudo on the host refuses ${user}.`) : undefined
}

/** Asks a person for sudo's password, once for all sessions of a command. It is kept in memory only. */
export class SudoPassword {
  readonly #prompt: Prompt | undefined
  #value: string | undefined

  constructor(prompt: Prompt | undefined) {
    this.#prompt = prompt
  }

  get canAsk(): boolean {
    return this.#prompt !== undefined
  }

  /** It was asked for before: sudo will want it again. */
  get isKnown(): boolean {
    return this.#value !== undefined
  }

  /** Answers sudo each time that it asks. Rejects where there is no answer; never resolves. */
  answer(channel: Channel, who: string): { readonly failed: Promise<never>; heard(): void } {
    const { promise, reject } = Promise.withResolvers<never>()
    promise.catch(() => undefined)
    let said = ''
    let asked = 0
    const silence = () =>
      setTimeout(() => {
        reject(
          new AxleError(
            'AXLE_RIGHTS',
            `sudo on the host asked ${who} for something other than a password, or nothing at all.`,
            {
              output: said.trim(),
            },
          ),
        )
      }, SILENCE_MS).unref()
    let timer = silence()
    const onWord = (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (!said.includes(SUDO_PROMPT)) return
      said = said.replace(SUDO_PROMPT, '')
      clearTimeout(timer)
      asked += 1
      this.#ask(who, asked > 1).then((password) => {
        channel.stream.write(`${password}\n`)
        timer = silence()
      }, reject)
    }
    channel.stderr.on('data', onWord)
    return {
      failed: promise,
      heard: () => {
        clearTimeout(timer)
        channel.stderr.off('data', onWord)
      },
    }
  }

  async #ask(who: string, again: boolean): Promise<string> {
    if (this.#value !== undefined && !again) return this.#value
    this.#value = undefined
    if (this.#prompt === undefined) throw new AxleError('AXLE_RIGHTS', `sudo wants the password of ${who}.`)
    this.#value = await this.#prompt.secret(
      `${again ? 'sudo did not take that one. ' : ''}Password of ${who}, for sudo there`,
    )
    return this.#value
  }
}
