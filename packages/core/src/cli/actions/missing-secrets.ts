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
      if (set || !declared || optional) continue
      const value = await notEmpty(prompt, `Value of ${name} for ${service} (it is not shown)`)
      given.push({ service, name, value })
    }
  }
  for (const one of given) await askHost(connect, { verb: 'env-set', ...one }, 'env', signal)
}

async function notEmpty(prompt: Prompt, question: string): Promise<string> {
  for (;;) {
    const value = await prompt.secret(question)
    if (value !== '') return value
  }
}
