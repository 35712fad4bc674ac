import { AxleError } from '../../protocol/errors.ts'
import type { Event, EventBody } from '../../protocol/events.ts'
import type { RequestInput } from '../../protocol/wire.ts'
import type { Heard, Note, Target } from '../connect.ts'
import type { Initialized } from '../initialize.ts'
import { createProgram, type ProgramSettings } from '../program.ts'
import { fakeIo } from './fake-io.ts'

/** An event as the engine stamps it. */
export const stamp = (body: EventBody, seq: number): Event => ({
  v: 1,
  op: 'op1',
  seq,
  time: '2026-01-02T03:04:05.000Z',
  ...body,
})
export const actor = { user: 'ann', host: 'laptop' }
export const accepted: Heard = { t: 'accepted', op: 'op1', unit: 'axle-shop-op1' }
export const begun = stamp({ type: 'operation', kind: 'deploy', project: 'shop', services: ['api'], actor }, 0)

/** Runs one command line against a host that says `answers`. */
export async function axle(
  line: string,
  answers: readonly Heard[] = [],
  settings: {
    hang?: boolean
    side?: 'host'
    stdin?: string
    env?: Record<string, string>
    note?: Note
    cause?: Error
    init?: Initialized
    setOut?: NonNullable<ProgramSettings['setOut']>
  } = {},
) {
  const { io, said, stdin, interrupt } = fakeIo(settings.env)
  stdin.end(settings.stdin ?? '')
  const requests: RequestInput[] = []
  const targets: Target[] = []
  const closed: string[] = []
  const program = createProgram({
    side: settings.side ?? 'client',
    version: '1.2.3',
    cwd: '/work',
    io,
    ...(settings.setOut === undefined ? {} : { setOut: settings.setOut }),
    init: async () => async () => {
      if (settings.init === undefined) throw new AxleError('AXLE_INIT', 'There is a config already.')
      return settings.init
    },
    connect: async () => async (target) => {
      targets.push(target)
      if (settings.note !== undefined) target.onNote(settings.note)
      if (settings.cause !== undefined) throw new AxleError('AXLE_UNREACHABLE', 'No way.', { cause: settings.cause })
      return {
        project: 'shop',
        services: ['api', 'worker'],
        close: () => void closed.push(target.verb),
        open: async (request) => {
          requests.push(request)
          async function* messages() {
            yield* answers
            if (settings.hang === true) await new Promise<never>(() => setImmediate(interrupt))
          }
          return { messages: messages(), input: { send: async () => {}, end: async () => {} }, close: async () => {} }
        },
      }
    },
  })
  return { exit: await program.run(line.split(' ').filter(Boolean)), ...said, requests, targets, closed }
}
