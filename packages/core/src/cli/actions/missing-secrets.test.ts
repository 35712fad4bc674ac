import { expect, it } from 'vitest'
import type { FromHost, RequestInput } from '../../protocol/wire.ts'
import type { Connect } from '../connect.ts'
import { askForSecrets } from './missing-secrets.ts'

/** A host that knows which names are set, and what it was asked. */
function connectOf(
  names: readonly { name: string; set: boolean; declared: boolean; optional: boolean }[],
  more: Pick<Connect, 'secrets'> = {},
) {
  const asked: RequestInput[] = []
  const connect: Connect = {
    project: 'shop',
    ...more,
    services: ['api'],
    close: () => {},
    open: async (request) => {
      asked.push(request)
      const service = 'service' in request ? request.service : ''
      const answer: FromHost = { t: 'answer', answer: { verb: 'env', answer: { service, names: [...names] } } }
      const messages = async function* (): AsyncGenerator<FromHost> {
        yield answer
        yield { t: 'end', exit: 0 }
      }
      return { messages: messages(), input: { send: async () => {}, end: async () => {} }, close: async () => {} }
    },
  }
  return { connect, asked }
}

it('asks for what is declared, required and not set, and sets it once all is answered', async () => {
  const { connect, asked } = connectOf([
    { name: 'KEY', set: false, declared: true, optional: false },
    { name: 'THERE', set: true, declared: true, optional: false },
    { name: 'EXTRA', set: false, declared: true, optional: true },
    { name: 'OLD', set: true, declared: false, optional: false },
  ])
  const questions: string[] = []
  const answers = ['', 'the value']
  const prompt = {
    text: async () => '',
    confirm: async () => false,
    secret: async (question: string) => {
      questions.push(question)
      return answers.shift() ?? 'none left'
    },
  }
  await askForSecrets(connect, ['api'], prompt, new AbortController().signal)
  expect(questions).toEqual(['Value of KEY for api (it is not shown)', 'Value of KEY for api (it is not shown)'])
  expect(asked).toEqual([
    { verb: 'env-list', service: 'api' },
    { verb: 'env-set', service: 'api', name: 'KEY', value: 'the value' },
  ])
})

it.each([
  ['a name that is no variable’s', 'X for api\nPassphrase of id_ed25519', {}],
  ['a name that the config here does not declare', 'AWS_KEY', { secrets: new Map([['api', new Set(['KEY'])]]) }],
])('a host gets nobody to be asked for %s', async (_what, name, more) => {
  const { connect, asked } = connectOf([{ name, set: false, declared: true, optional: false }], more)
  const never = async () => expect.unreachable('somebody was asked')
  await askForSecrets(connect, ['api'], { text: never, secret: never, confirm: never }, new AbortController().signal)
  expect(asked).toEqual([{ verb: 'env-list', service: 'api' }])
})
