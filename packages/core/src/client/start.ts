import { AxleError } from '../protocol/errors.ts'
import { boot } from './boot/boot.ts'
import { bootCommand } from './boot/command.ts'
import { nodeArchive } from './node/archive.ts'
import type { Prepared } from './prepare.ts'
import type { Progress } from './progress.ts'
import type { Channel, Connection } from './ssh/index.ts'
import { SUDO_PROMPT, type SudoMode, type SudoPassword, sudoRefusal, wantsPassword } from './ssh/sudo.ts'

interface StartSettings {
  readonly prepared: Pick<Prepared, 'bundle' | 'nodes' | 'folder'>
  readonly project: string
  readonly verb: 'operate' | 'ask'
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Without a password first: only where sudo says that it needs one does a second command ask for it. */
export async function startEngine(
  connection: Connection,
  password: SudoPassword,
  settings: StartSettings,
): Promise<Started> {
  if (password.isKnown) return startAs('asking', connection, password, settings)
  return startAs('silent', connection, password, settings).catch((thrown: unknown) => {
    if (!password.canAsk || !wantsPassword(thrown)) throw thrown
    return startAs('asking', connection, password, settings)
  })
}

/** An engine that listens. */
export interface Started {
  readonly channel: Channel
  readonly output: AsyncIterable<Uint8Array>
  ended(when: 'before' | 'after'): Promise<AxleError>
}

async function startAs(
  sudo: SudoMode,
  connection: Connection,
  password: SudoPassword,
  { prepared: { bundle, nodes, folder }, project, verb, onProgress }: StartSettings,
): Promise<Started> {
  const channel = await connection.exec(bootCommand({ engine: bundle.hash, project, verb, nodes, sudo }))
  const answering = sudo === 'asking' ? password.answer(channel, `${connection.user} on ${connection.name}`) : undefined
  const ended = why(channel, connection)
  const output = answering === undefined ? channel.stream : heardFrom(channel.stream, answering.heard)
  const booted = boot(
    { input: channel.stream, output, ended: () => ended('before') },
    {
      bundle,
      nodes,
      archive: (version, architecture) => nodeArchive(version, architecture, { cwd: folder }),
      onProgress,
    },
  )
  try {
    return {
      channel,
      ended,
      output: await (answering === undefined ? booted : Promise.race([booted, answering.failed])),
    }
  } finally {
    booted.catch(() => undefined)
    answering?.heard()
  }
}

async function* heardFrom(source: AsyncIterable<Uint8Array>, heard: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    heard()
    yield chunk
  }
}

/** Follows what goes wrong outside the protocol, and puts it into words once the channel is closed. */
function why(
  { stderr, exit }: Channel,
  { name, user, lostBy }: Connection,
): (when: 'before' | 'after') => Promise<AxleError> {
  let said = ''
  stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('utf8')}`.slice(-8_192)
  })
  return async (when) => {
    const code = await exit
    const output = said.replaceAll(SUDO_PROMPT, '').trim()
    const details = output === '' ? {} : { output }
    if (code === undefined)
      return new AxleError('AXLE_CONNECTION_LOST', `The connection to ${name} was lost${because(lostBy())}.`, details)
    if (when === 'after')
      return new AxleError('AXLE_ENGINE_DIED', `The engine ended without an answer (exit code ${code}).`, details)
    const refusal = sudoRefusal(output, user)
    if (refusal !== undefined) return refusal
    return new AxleError('AXLE_WIRE', `The host ended before it answered (exit code ${code}).`, details)
  }
}

function because(reason: string | undefined): string {
  if (reason === undefined) return ''
  return reason === 'Keepalive timeout' ? ': it gave no sign of life any more' : `: ${reason}`
}
