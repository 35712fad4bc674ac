import type { Event } from '../../protocol/events.ts'
import type { Output } from '../io/io.ts'
import { causeLines, failureLines } from './failure.ts'
import { LiveArea } from './live-area.ts'
import { logLines } from './log-event.ts'
import { oneLine, printableLines } from './printable.ts'
import type { Reporter } from './reporter.ts'
import { resultLines } from './result.ts'
import { ServiceLog } from './service-log.ts'
import { unfinishedLines } from './serving.ts'
import { endedStep, progressText, type StepNews, stepLabel, stepLine } from './step-line.ts'
import { Stopwatch } from './stopwatch.ts'
import type { Style } from './style.ts'
import { clock, seconds } from './units.ts'
import { width } from './width.ts'

export interface TerminalSettings {
  readonly out: Output
  readonly style: Style
  readonly verbose?: boolean
  /** Steps leave no line behind: what they lead to is all that is wanted. */
  readonly transient?: boolean
  now(): number
}

interface Running {
  readonly step: string
  readonly service: string | undefined
  readonly since: number
  readonly detail?: string
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const
const EVERY = 100

/** Finished steps stay on the screen; below them those that run, redrawn in place with their times. */
export function terminalReporter({ out, style, now, verbose = false, transient = false }: TerminalSettings): Reporter {
  const begun = now()
  const area = new LiveArea(out)
  const running = new Map<string, Running>()
  const serviceLog = new ServiceLog()
  let kind = 'operation'
  const watch = new Stopwatch(now)
  /** Width of the longest service name. */
  let services = 0
  let frame = 0
  let timer: NodeJS.Timeout | undefined
  /** Lines that wait until the screen is ours again. */
  const held: string[] = []
  /** How many have the screen. */
  let holders = 0

  const redraw = (lines: readonly string[] = []) => {
    if (holders > 0) return void held.push(...lines)
    const stamped = verbose ? lines.map((line) => `${style.dim(clock(now() - begun))} ${line}`) : lines
    area.draw(stamped, [...running.values()].map(liveLine))
  }
  const lineOf = (one: Running, mark: string, more: { time: string; detail?: string | undefined }) =>
    stepLine({ mark, label: stepLabel(one, services), ...more }, area.room, style)
  const liveLine = (one: Running) =>
    lineOf(one, style.cyan(FRAMES[frame % FRAMES.length] ?? '·'), {
      time: seconds(now() - one.since).padStart(7),
      detail: one.detail,
    })
  const tick = () => {
    frame += 1
    redraw()
  }
  const step = (news: StepNews) => {
    const key = keyOf(news)
    if (news.state === 'started') {
      running.set(key, { step: news.step, service: news.service, since: now() })
      timer ??= setInterval(tick, EVERY).unref()
      return redraw()
    }
    running.delete(key)
    if (transient && news.state === 'done') return redraw()
    redraw([endedStep(news, services, verbose ? area.room - 10 : area.room, style)])
  }
  /** What ran when the end came, without an end of its own. */
  const left = () => {
    const lines = [...running.values()].map((one) =>
      lineOf(one, style.dim('·'), { time: seconds(now() - one.since).padStart(7), detail: 'did not end' }),
    )
    running.clear()
    return lines
  }

  return {
    note: (note) => {
      if (note.kind === 'step') return step({ ...note, service: undefined })
      if (note.kind === 'detail') return verbose ? redraw([`  ${style.dim(oneLine(note.text))}`]) : undefined
      const last = note.kind === 'progress' ? running.get(keyOf({ ...note, service: undefined })) : lastOf(running)
      const detail =
        note.kind === 'progress'
          ? progressText(note.sent, note.total, now() - (last?.since ?? now()))
          : oneLine(`${note.source}: ${note.text}`)
      // Drawn with the next tick: there may be thousands of these a second.
      if (last !== undefined) running.set(keyOf(last), { ...last, detail })
      // Otherwise a build's lines are shown by its error, when it fails.
      if (verbose && note.kind === 'output')
        redraw(printableLines(note.text).map((line) => `  ${style.dim(`${note.source}: ${line}`)}`))
    },
    event: (event) => {
      watch.saw(event)
      if (serviceLog.take(event) && !verbose) return
      switch (event.type) {
        case 'operation':
          kind = event.kind
          services = Math.max(0, ...event.services.map(width))
          return redraw([
            `${style.bold(`${event.kind} ${event.services.join(', ')}`)} ${style.dim(`operation ${event.op}`)}`,
          ])
        case 'step':
          return step(event)
        case 'log':
          return redraw(logLines(event, style, verbose).map((line) => `  ${line}`))
        case 'live':
          return redraw([liveText(event, style)])
        case 'result': {
          const context = { elapsed: watch.took(event), kind, ...(verbose ? {} : { serviceLog }) }
          return area.draw([...left(), '', ...resultLines(event, context, style)], [])
        }
      }
    },
    failed: (error, _outcome, unfinished) => {
      area.draw(
        [
          ...left(),
          ...failureLines(error.serialize(), style),
          ...(verbose ? causeLines(error, style) : []),
          ...(unfinished === undefined ? [] : unfinishedLines(error, unfinished, style)),
        ],
        [],
      )
    },
    hold: async (work) => {
      area.draw([], [])
      holders += 1
      try {
        return await work()
      } finally {
        holders -= 1
        redraw(held.splice(0))
      }
    },
    close: () => {
      clearInterval(timer)
      running.clear()
      area.draw([], [])
    },
  }
}

function keyOf({ step, service }: Pick<StepNews, 'step' | 'service'>): string {
  return `${service ?? ''}\n${step}`
}

function lastOf(running: ReadonlyMap<string, Running>): Running | undefined {
  return [...running.values()].at(-1)
}

function liveText({ service, release, slot }: Extract<Event, { type: 'live' }>, style: Style): string {
  return `${style.green('●')} ${service}  ${style.bold(release)} serves from slot ${slot}`
}
