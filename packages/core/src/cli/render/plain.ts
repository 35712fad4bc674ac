import type { Event } from '../../protocol/events.ts'
import type { Note } from '../connect.ts'
import { causeLines, failureLines } from './failure.ts'
import { logLines } from './log-event.ts'
import { oneLine, printableLines } from './printable.ts'
import type { Reporter } from './reporter.ts'
import { resultLines } from './result.ts'
import { unfinishedLines } from './serving.ts'
import { progressText, type StepNews } from './step-line.ts'
import { Stopwatch } from './stopwatch.ts'
import type { Style } from './style.ts'
import { clock, seconds } from './units.ts'

export interface PlainSettings {
  out(text: string): unknown
  readonly style: Style
  readonly verbose?: boolean
  now(): number
}

/** Some CI services end a job that is silent; more often than this says nothing new. */
const PROGRESS_EVERY = 10_000

/** A line an event, for pipes and CI: nothing is ever overwritten. */
export function plainReporter({ out, style, now, verbose = false }: PlainSettings): Reporter {
  const begun = now()
  let kind = 'operation'
  const watch = new Stopwatch(now)
  let upload = { since: begun, said: begun }
  const print = (lines: readonly string[]) => {
    for (const line of lines) out(`${verbose ? `${style.dim(clock(now() - begun))} ` : ''}${line}\n`)
  }
  const progress = ({ step, sent, total }: Extract<Note, { kind: 'progress' }>) => {
    if (now() - upload.said < PROGRESS_EVERY) return
    upload = { ...upload, said: now() }
    print([`${step}: ${progressText(sent, total, now() - upload.since)}`])
  }
  return {
    note: (note) => {
      switch (note.kind) {
        case 'output':
          return print(printableLines(note.text).map((line) => `${note.source} | ${line}`))
        case 'step':
          if (note.state === 'started') upload = { since: now(), said: now() }
          return print([stepText({ ...note, service: undefined })])
        case 'progress':
          return progress(note)
        case 'detail':
          return verbose ? print([oneLine(note.text)]) : undefined
      }
    },
    event: (event) => {
      watch.saw(event)
      if (event.type === 'operation') kind = event.kind
      // The lines of the services' logs have been printed when they came.
      if (event.type === 'result') print(resultLines(event, { elapsed: watch.took(event), kind }, style))
      else print(eventLines(event, style, verbose))
    },
    failed: (error, _outcome, unfinished) =>
      print([
        ...failureLines(error.serialize(), style),
        ...(verbose ? causeLines(error, style) : []),
        ...(unfinished === undefined ? [] : unfinishedLines(error, unfinished, style)),
      ]),
    hold: (work) => work(),
    close: () => {},
  }
}

function eventLines(event: Exclude<Event, { type: 'result' }>, style: Style, verbose: boolean): readonly string[] {
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
      return logLines(event, style, verbose)
    case 'live':
      return [
        `${event.service}: release ${event.release} serves from slot ${event.slot}${event.previous === undefined ? '' : ` (before: ${event.previous})`}`,
      ]
  }
}

function stepText({ step, service, state, ms, detail }: StepNews): string {
  const who = service === undefined ? '' : `${service}: `
  if (state === 'started') return `${who}${step} …`
  const time = ms === undefined ? '' : ` (${seconds(ms)})`
  return `${who}${step} ${state}${time}${detail === undefined ? '' : `: ${oneLine(detail)}`}`
}
