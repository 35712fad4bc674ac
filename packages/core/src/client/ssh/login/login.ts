import type { AnyAuthMethod, AuthenticationType, NextAuthHandler, ParsedKey } from 'ssh2'
import type { Prompt } from '../../../cli/io/prompt.ts'
import { AxleError } from '../../../protocol/errors.ts'
import type { Deadline } from '../deadline.ts'
import type { HopFiles } from '../dial.ts'
import { placeOf } from '../failure.ts'
import type { Hop } from '../route.ts'
import { agentKeys, type HeldKey } from './agent.ts'
import { type Attempt, attempts } from './attempts.ts'
import type { KeyFile } from './key-file.ts'
import { signAtOnce } from './sign-at-once.ts'

/** The SSH library, once it is loaded. */
export type Ssh2 = typeof import('ssh2')

export interface LoginSettings {
  readonly hop: Hop
  readonly files: HopFiles
  readonly ssh2: Ssh2
  readonly prompt: Prompt | undefined
  readonly deadline: Deadline
  /** The library's connection, once there is one. */
  client(): object | null
  /** No key is left, or nobody answered. */
  giveUp(thrown: unknown): void
}

/** Offers one key after the other, and remembers what became of each for the error's words. */
export class Login {
  readonly #settings: LoginSettings
  readonly #tried: string[] = []
  readonly #notes: string[] = []
  #plan: Attempt<HeldKey>[] | undefined
  #accepts: readonly string[] = []

  constructor(settings: LoginSettings) {
    this.#settings = settings
  }

  /** As the library asks: `left` are the ways that the host takes; absent, as long as nothing was tried. */
  handler(left: readonly AuthenticationType[] | null, partial: boolean | null, next: NextAuthHandler): void {
    const { giveUp } = this.#settings
    this.#accepts = left ?? []
    if (partial === true)
      this.#notes.push(`it wants a second factor beside the key (${this.#accepts.join(', ')}), which Axle has not`)
    if (partial === true || (left !== null && !left.includes('publickey'))) giveUp(this.refusal())
    else this.#next().then((method) => (method === undefined ? giveUp(this.refusal()) : next(method)), giveUp)
  }

  async #next(): Promise<AnyAuthMethod | undefined> {
    this.#plan ??= [...(await this.#makePlan())]
    for (;;) {
      const attempt = this.#plan.shift()
      if (attempt === undefined) return undefined
      const method = await this.#method(attempt)
      if (method === undefined) continue
      this.#tried.push(attempt.label)
      return method
    }
  }

  async #makePlan(): Promise<readonly Attempt<HeldKey>[]> {
    const { hop, files, ssh2 } = this.#settings
    const { agent, certificates, named } = hop.keys
    const found = files.keys.flatMap(({ file }) => (file === undefined ? [] : [file]))
    if (named) {
      const absent = files.keys.filter(({ file }) => file === undefined).map(({ path }) => path)
      if (absent.length > 0) this.#notes.push(`${absent.join(', ')} cannot be read`)
    }
    if (certificates.length > 0)
      this.#notes.push(`the certificate ${certificates.join(', ')} was not used: the SSH library (ssh2) has none`)
    const held =
      agent === undefined
        ? []
        : await agentKeys(agent, ssh2.createAgent).catch((error: Error) => {
            this.#notes.push(`the agent at ${agent} does not answer (${error.message})`)
            return []
          })
    const readable = found.filter((file) => file.state !== 'open' || this.#open(file) !== undefined)
    const plan = attempts(hop.keys, readable, held)
    for (const { path } of readable.filter(({ state }) => state === 'public'))
      if (!plan.some(({ label }) => label === `${path} (agent)`))
        this.#notes.push(`${path} is a public key, and the agent does not hold the private one`)
    return plan
  }

  #open(file: KeyFile, passphrase?: string): ParsedKey | undefined {
    const key = this.#settings.ssh2.utils.parseKey(file.text, passphrase)
    if (!(key instanceof Error)) return key.isPrivateKey() ? key : undefined
    if (passphrase === undefined) this.#notes.push(`${file.path} is no key that can be used (${key.message})`)
    return undefined
  }

  async #method(attempt: Attempt<HeldKey>): Promise<AnyAuthMethod | undefined> {
    const username = this.#settings.hop.user
    if (attempt.by === 'agent') {
      const { agent, parsed } = attempt.key
      if (attempt.sure)
        this.#sign((data, hash, done, failed) => {
          agent.sign(parsed, data, hash === undefined ? {} : { hash }, (error, signature) => {
            if (error === undefined || error === null) done(signature ?? Buffer.alloc(0))
            else failed()
          })
        })
      return { type: 'agent', username, agent }
    }
    const key = attempt.by === 'file' ? this.#open(attempt.file) : await this.#unlock(attempt.file)
    if (key === undefined) return undefined
    this.#sign((data, hash, done) => done(key.sign(data, hash)))
    return { type: 'publickey', username, key }
  }

  #sign(sign: Parameters<typeof signAtOnce>[1]): void {
    const client = this.#settings.client()
    if (client !== null) signAtOnce(client, sign)
  }

  async #unlock(file: KeyFile): Promise<ParsedKey | undefined> {
    const { prompt, deadline, hop } = this.#settings
    if (prompt === undefined) {
      this.#notes.push(
        `${file.path} has a passphrase, and there is no terminal to ask for it (ssh-add ${file.path} puts it into your agent)`,
      )
      return undefined
    }
    for (let tries = 0; tries < hop.keys.passphraseTries; tries += 1) {
      const again = tries === 0 ? '' : 'That is not it. '
      const passphrase = await deadline.hold(() => prompt.secret(`${again}Passphrase of ${file.path}`))
      const key = this.#open(file, passphrase)
      if (key !== undefined) return key
    }
    this.#notes.push(`${file.path} was not opened: ${hop.keys.passphraseTries} wrong passphrases`)
    return undefined
  }

  /** Why the host let nobody in. */
  refusal(cause?: unknown): AxleError {
    const { hop } = this.#settings
    const name = placeOf(hop)
    const tried = this.#tried.length === 0 ? 'no key was tried' : `tried: ${this.#tried.join(', ')}`
    const takes =
      this.#accepts.length > 0 && !this.#accepts.includes('publickey')
        ? [`it takes ${this.#accepts.join(', ')} and no keys`]
        : []
    const message = cause instanceof Error && /too many/i.test(cause.message) ? ['it takes no more tries'] : []
    const why = [tried, ...takes, ...message, ...this.#notes].join('; ')
    return new AxleError('AXLE_AUTHENTICATION', `${name} refused ${hop.user}: ${why}.`, {
      where: name,
      hint:
        message.length > 0
          ? 'Name the one key that it knows: --identity FILE, or IdentityFile and "IdentitiesOnly yes" in ~/.ssh/config.'
          : `See that the public half stands in ~${hop.user}/.ssh/authorized_keys there, or name another key with --identity.`,
      cause,
    })
  }
}
