import type { Event } from '../../protocol/events.ts'
import type { Output } from '../io/io.ts'
import { failureLines } from './failure.ts'
import { printable, printableLines } from './printable.ts'
import type { Reporter } from './reporter.ts'
import { resultLines } from './result.ts'
import { ServiceLog } from './service-log.ts'
import type { Style } from './style.ts'
import { seconds } from './units.ts'

export interface TerminalSettings {
  readonly out: Output
  readonly style: Style
  now(): number
}

type StepNews = Pick<Extract<Event, { type: 'step' }>, 'step' | 'service' | 'state' | 'ms' | 'detail'>

interface Running {
  readonly label: string
  readonly since: number
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const
const EVERY = 100

/** Finished steps stay on the screen; below them those that run, redrawn in place with their times. */
export function terminalReporter({ out, style, now }: TerminalSettings): Reporter {
  const begun = now()
  const running = new Map<string, Running>()
  const serviceLog = new ServiceLog()
  let kind = 'operation'
  let startedAt: string | undefined
  let drawn = 0
  let frame = 0
  let timer: NodeJS.Timeout | undefined
  /** What came while a question has the screen. */
  let waiting: string[] | undefined

  /** Puts `lines` above what runs, in one write so that nothing flickers. */
  const redraw = (lines: readonly string[] = []) => {
    if (waiting !== undefined) {
      waiting.push(...lines)
      return
    }
    const erase = drawn === 0 ? '' : `\u001b[${drawn}A\u001b[0J`
    const live = [...running.values()].map((one) => liveLine(one))
    drawn = live.length
    const all = [...lines, ...live]
    if (erase !== '' || all.length > 0) out.write(erase + all.map((line) => `${line}\n`).join(''))
  }
  const liveLine = ({ label, since }: Running) => {
    const text = `${label}  ${seconds(now() - since)}`
    // A line that wraps would take two, and the next erase would leave one of them.
    const room = Math.max(10, (out.columns ?? 80) - 4)
    return `${style.cyan(FRAMES[frame % FRAMES.length] ?? '·')} ${text.length > room ? `${text.slice(0, room - 1)}…` : text}`
  }
  const tick = () => {
    frame += 1
    redraw()
  }
  const step = (news: StepNews) => {
    const label = news.service === undefined ? news.step : `${news.service}  ${news.step}`
    if (news.state === 'started') {
      running.set(label, { label, since: now() })
      timer ??= setInterval(tick, EVERY).unref()
      return redraw()
    }
    running.delete(label)
    redraw([stepLine(label, news, style)])
  }

  /** Who attached late saw less than there was. */
  const took = (result: Event) =>
    Math.max(now() - begun, Date.parse(result.time) - Date.parse(startedAt ?? result.time))
  return {
    note: (note) => {
      // A build's lines are shown by its error, when it fails.
      if (note.kind === 'step') step({ ...note, service: undefined })
    },
    event: (event) => {
      if (serviceLog.take(event)) return
      switch (event.type) {
        case 'operation':
          kind = event.kind
          startedAt = event.time
          return redraw([
            `${style.bold(`${event.kind} ${event.services.join(', ')}`)} ${style.dim(`operation ${event.op}`)}`,
          ])
        case 'step':
          return step(event)
        case 'log':
          return redraw(logLines(event, style))
        case 'live':
          return redraw([
            `${style.green('●')} ${event.service}  ${style.bold(event.release)} serves from slot ${event.slot}`,
          ])
        case 'result':
          running.clear()
          return redraw([
            '',
            ...resultLines(event, { elapsed: took(event), serviceLog: serviceLog.lines, kind }, style),
          ])
      }
    },
    failed: (error) => {
      running.clear()
      redraw(failureLines(error.serialize(), style))
    },
    aside: async (work) => {
      if (drawn > 0) out.write(`\u001b[${drawn}A\u001b[0J`)
      drawn = 0
      waiting ??= []
      try {
        return await work()
      } finally {
        const lines = waiting ?? []
        waiting = undefined
        redraw(lines)
      }
    },
    close: () => {
      clearInterval(timer)
      running.clear()
      redraw()
    },
  }
}

function stepLine(label: string, { state, ms, detail }: StepNews, style: Style): string {
  const marks = { started: ' ', done: style.ok, failed: style.bad, skipped: style.dim('-'), undone: style.yellow('↺') }
  const words = state === 'undone' || state === 'skipped' ? ` ${state}` : ''
  const time = ms === undefined ? '' : `  ${style.dim(seconds(ms))}`
  const more = detail === undefined ? '' : `  ${style.dim(printable(detail))}`
  return `${marks[state]} ${label}${words}${time}${more}`
}

function logLines(event: Extract<Event, { type: 'log' }>, style: Style): readonly string[] {
  if (event.level === 'debug') return []
  const paint = { info: style.dim, warning: style.yellow, error: style.red }[event.level]
  return printableLines(event.message).map((line) => `  ${paint(`${event.source}: ${line}`)}`)
}
