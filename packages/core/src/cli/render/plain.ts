import type { Event } from '../../protocol/events.ts'
import { failureLines } from './failure.ts'
import { printable, printableLines } from './printable.ts'
import type { Reporter } from './reporter.ts'
import { resultLines } from './result.ts'
import type { Style } from './style.ts'
import { seconds } from './units.ts'

export interface PlainSettings {
  out(text: string): unknown
  readonly style: Style
  now(): number
}

/** A line an event, for pipes and CI: nothing is ever overwritten. */
export function plainReporter({ out, style, now }: PlainSettings): Reporter {
  const begun = now()
  let kind = 'operation'
  let startedAt: string | undefined
  const print = (lines: readonly string[]) => {
    for (const line of lines) out(`${line}\n`)
  }
  /** Who attached late saw less than there was. */
  const took = (result: Event) =>
    Math.max(now() - begun, Date.parse(result.time) - Date.parse(startedAt ?? result.time))
  return {
    note: (note) => {
      if (note.kind === 'output') print(printableLines(note.text).map((line) => `${note.source} | ${line}`))
      else print([stepText({ ...note, type: 'step' })])
    },
    event: (event) => {
      if (event.type === 'operation') {
        kind = event.kind
        startedAt = event.time
      }
      // The lines of the services' logs have been printed when they came.
      if (event.type === 'result') print(resultLines(event, { elapsed: took(event), serviceLog: [], kind }, style))
      else print(eventLines(event))
    },
    failed: (error) => print(failureLines(error.serialize(), style)),
    aside: (work) => work(),
    close: () => {},
  }
}

function eventLines(event: Exclude<Event, { type: 'result' }>): readonly string[] {
  switch (event.type) {
    case 'operation': {
      const { user, host } = event.actor
      return [
        `${event.kind} of ${event.services.join(', ')} (project ${event.project}) by ${user}@${host}, operation ${event.op}`,
      ]
    }
    case 'step':
      return [stepText(event)]
    case 'log':
      if (event.level === 'debug') return []
      if (event.source === 'service')
        return printableLines(event.message).map((line) => `${event.service ?? 'service'} | ${line}`)
      return printableLines(event.message).map(
        (line) => `${event.level === 'info' ? '' : `${event.level}: `}${event.source}: ${line}`,
      )
    case 'live':
      return [
        `${event.service}: release ${event.release} serves from slot ${event.slot}${event.previous === undefined ? '' : ` (before: ${event.previous})`}`,
      ]
  }
}

interface Step {
  readonly type: 'step'
  readonly step: string
  readonly service?: string | undefined
  readonly state: string
  readonly ms?: number | undefined
  readonly detail?: string | undefined
}

function stepText({ step, service, state, ms, detail }: Step): string {
  const who = service === undefined ? '' : `${service}: `
  if (state === 'started') return `${who}${step} …`
  const time = ms === undefined ? '' : ` (${seconds(ms)})`
  return `${who}${step} ${state}${time}${detail === undefined ? '' : `: ${printable(detail)}`}`
}
