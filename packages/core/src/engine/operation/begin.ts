import { NODE_FLAGS } from '../../protocol/transient-unit.ts'
import type { Background } from '../background/background.ts'
import type { Self } from '../self.ts'
import type { followEvents } from './follow-events.ts'

export interface Beginning {
  readonly project: string
  readonly operation: string
  readonly unit: string
}

type Events = ReturnType<typeof followEvents>

/**
 * Sees to it that an operation whose request lies ready has an engine, and answers with its first event. One may wait for
 * it already; where that one died before it said anything, nothing was done yet, and another begins.
 */
export async function beginOperation(
  { node, enginePath }: Pick<Self, 'node' | 'enginePath'>,
  { project, operation, unit }: Beginning,
  background: Background,
  follow: () => Events,
): Promise<{ readonly first: Awaited<ReturnType<Events['next']>>; readonly events: Events }> {
  const argv = [node, ...NODE_FLAGS, enginePath, 'run', project, operation] as const
  const start = async () => {
    try {
      await background.start(unit, `Axle: operation of ${project}`, argv)
    } catch (thrown) {
      // The one that was asked for while the viewer connected came late, and is there now.
      if (!(await background.known(unit))) throw thrown
    }
  }
  if (!(await background.known(unit))) await start()
  const events = follow()
  const first = await events.next()
  if (first.done !== true) return { first, events }
  await start()
  const again = follow()
  return { first: await again.next(), events: again }
}
