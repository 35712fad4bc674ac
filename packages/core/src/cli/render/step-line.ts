import type { Event } from '../../protocol/events.ts'
import { oneLine } from './printable.ts'
import type { Style } from './style.ts'
import { seconds, size } from './units.ts'
import { cut, pad, width } from './width.ts'

export type StepNews = Pick<Extract<Event, { type: 'step' }>, 'step' | 'service' | 'state' | 'ms' | 'detail'>

/** The longest names of a service's step, `preflight`, and of one before there are services, `send engine`. */
const STEP_WIDTH = 9
const LONGEST_STEP = 11
/** Less of a detail says nothing. */
const LEAST_DETAIL = 8

/** `api  start`, with names under each other. `services` is the width of the longest name. */
export function stepLabel({ service, step }: Pick<StepNews, 'service' | 'step'>, services: number): string {
  if (service !== undefined) return `${pad(service, services)}  ${pad(step, STEP_WIDTH)}`
  return pad(step, Math.max(LONGEST_STEP, services === 0 ? 0 : services + 2 + STEP_WIDTH))
}

interface Parts {
  readonly mark: string
  readonly label: string
  readonly time: string
  readonly detail?: string | undefined
}

/** One line in `room` columns: the time is always seen, then as much of the label, then as much of the detail. */
export function stepLine({ mark, label, time, detail }: Parts, room: number, style: Style): string {
  const head = `${mark} ${cut(label, Math.max(4, room - 4 - width(time)))}  ${style.dim(time)}`.trimEnd()
  const left = room - width(head) - 2
  if (detail === undefined || left < LEAST_DETAIL) return head
  return `${head}  ${style.dim(cut(oneLine(detail), left))}`
}

/** A step that ended. */
export function endedStep(news: StepNews, services: number, room: number, style: Style): string {
  const { state, ms, detail } = news
  const marks = { started: ' ', done: style.ok, failed: style.bad, skipped: style.dim('-'), undone: style.yellow('↺') }
  const word = state === 'undone' || state === 'skipped' ? state : undefined
  return stepLine(
    {
      mark: marks[state],
      label: stepLabel(news, services),
      time: ms === undefined ? '' : seconds(ms).padStart(7),
      detail: [word, detail].filter((one) => one !== undefined).join(': ') || undefined,
    },
    room,
    style,
  )
}

/** `12.4 MB of 40.2 MB, 31 %, 8.2 MB/s` */
export function progressText(sent: number, total: number, ms: number): string {
  const percent = total === 0 ? 100 : Math.floor((100 * sent) / total)
  const rate = ms < 200 ? '' : `, ${size((1000 * sent) / ms)}/s`
  return `${size(sent)} of ${size(total)}, ${percent} %${rate}`
}
