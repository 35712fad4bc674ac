import { variableName } from '../../define/names.ts'
import { AxleError } from '../../protocol/errors.ts'
import type { EnvAnswer } from '../../protocol/wire.ts'
import type { Connect } from '../connect.ts'
import type { Action, CliContext, Invocation } from '../context.ts'
import { readSecret } from '../io/secret-input.ts'
import { type CheckedOptions, checkArgument, checkOptions } from '../options/check.ts'
import { envLines } from '../render/env.ts'
import { askHost, query } from './ask.ts'
import { oneService } from './one-service.ts'
import { operate } from './operate.ts'

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
  return change({ verb: 'env-set', name, value }, options, context, {
    line: `axle env set ${name}`,
    done: (service) => `${name} is set for ${service}. The next deploy or restart starts it with the new value.`,
  })
}

export const envUnsetAction: Action = async (invocation, context) => {
  const options = checkOptions(invocation)
  const name = nameOf(invocation)
  return change({ verb: 'env-unset', name }, options, context, {
    line: `axle env unset ${name}`,
    done: (service) => `${name} is not set for ${service} any more. The next deploy or restart starts it without.`,
  })
}

type Change = { verb: 'env-set'; name: string; value: string } | { verb: 'env-unset'; name: string }

/** With --restart it is an operation, shown as one; without, a question with an answer. */
async function change(
  what: Change,
  options: CheckedOptions,
  context: CliContext,
  words: { readonly line: string; done(service: string): string },
): Promise<number> {
  const serviceOf = (connect: Connect) => oneService(connect, options, 'A secret belongs to one service', words.line)
  if (options.restart) {
    const request = (connect: Connect) => ({ ...what, service: serviceOf(connect), restart: true })
    return operate({ verb: what.verb, what: 'restart', line: `${words.line} --restart`, request }, options, context)
  }
  return query(what.verb, options, context, async (connect) => {
    const service = serviceOf(connect)
    const { said, exit } = await askHost(connect, { ...what, service }, 'env', context.interrupted)
    return { json: said.answer, exit, lines: (style) => [`${style.ok} ${words.done(service)}`] }
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
