import { variableName } from '../../define/names.ts'
import type { Event } from '../../protocol/events.ts'
import type { Connect } from '../connect.ts'
import type { Prompt } from '../io/prompt.ts'
import { askHost } from './ask.ts'

/** Whether an operation ended, before it changed anything, because secrets have no value. */
export function lacksSecrets(event: Event): boolean {
  return event.type === 'result' && event.error?.code === 'AXLE_SECRET_MISSING'
}

/** Asks a person for every secret that the host lacks, then sets them there. A value goes nowhere else. */
export async function askForSecrets(
  connect: Connect,
  services: readonly string[],
  prompt: Prompt,
  signal: AbortSignal,
): Promise<void> {
  const given: { service: string; name: string; value: string }[] = []
  for (const service of services) {
    const { said } = await askHost(connect, { verb: 'env-list', service }, 'env', signal)
    for (const { name, set, declared, optional } of said.answer.names) {
      if (set || !declared || optional || !isAskedFor(connect, service, name)) continue
      const value = await notEmpty(prompt, `Value of ${name} for ${service} (it is not shown)`)
      given.push({ service, name, value })
    }
  }
  for (const one of given) await askHost(connect, { verb: 'env-set', ...one }, 'env', signal)
}

/** A host has no say in what somebody is asked: only a name that the config here declares, and never other text. */
function isAskedFor({ secrets }: Connect, service: string, name: string): boolean {
  return variableName.safeParse(name).success && (secrets === undefined || secrets.get(service)?.has(name) === true)
}

async function notEmpty(prompt: Prompt, question: string): Promise<string> {
  for (;;) {
    const value = await prompt.secret(question)
    if (value !== '') return value
  }
}
