import { variableName } from '../../define/names.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { EnvAnswer } from '../../protocol/wire.ts'
import type { Connect } from '../connect.ts'
import type { Action, Invocation } from '../context.ts'
import { readSecret } from '../io/secret-input.ts'
import { type CheckedOptions, checkArgument, checkOptions } from '../options/check.ts'
import { envLines } from '../render/env.ts'
import { askHost, query } from './ask.ts'

export const envListAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  return query('env-list', options, context, async (connect) => {
    const services: EnvAnswer[] = []
    let exit = 0
    for (const service of options.service ?? connect.services) {
      const one = await askHost(connect, { verb: 'env-list', service }, 'env', context.interrupted)
      services.push(one.said.answer)
      exit = Math.max(exit, one.exit)
    }
    return { json: { services }, exit, lines: (style) => envLines(services, style) }
  })
}

export const envSetAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const name = nameOf(invocation)
  const value = await readSecret(context.io, name, context.prompt)
  return query('env-set', options, context, async (connect) => {
    const service = oneService(connect, options, `axle env set ${name}`)
    const request = { verb: 'env-set', service, name, value } as const
    const { said, exit } = await askHost(connect, request, 'env', context.interrupted)
    const line = `${name} is set for ${service}. The next deploy starts it with the new value.`
    return { json: said.answer, exit, lines: (style) => [`${style.ok} ${line}`] }
  })
}

export const envUnsetAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const name = nameOf(invocation)
  return query('env-unset', options, context, async (connect) => {
    const service = oneService(connect, options, `axle env unset ${name}`)
    const { said, exit } = await askHost(connect, { verb: 'env-unset', service, name }, 'env', context.interrupted)
    const line = `${name} is not set for ${service} any more. The next deploy starts it without.`
    return { json: said.answer, exit, lines: (style) => [`${style.ok} ${line}`] }
  })
}

function nameOf({ arguments: [given = ''] }: Invocation): string {
  const [name = ''] = given.split('=')
  if (name !== given) {
    // The value is not repeated: it stands in the shell's history already, and logs should not have it too.
    throw new AxleError(
      'AXLE_USAGE',
      'A value does not belong on the command line, where everybody on this machine can see it.',
      {
        hint: `Take it as spoilt, make a new one, and give that on stdin: axle env set ${name}`,
      },
    )
  }
  return checkArgument('Name', given, variableName)
}

function oneService(connect: Connect, options: CheckedOptions, line: string): string {
  const candidates = options.service ?? connect.services
  const [service] = candidates
  if (service !== undefined && candidates.length === 1) return service
  throw new AxleError(
    'AXLE_USAGE',
    `A secret belongs to one service; this project has ${connect.services.join(', ')}.`,
    {
      hint: connect.services.map((name) => `${line} --service ${name}`).join('\n'),
    },
  )
}
