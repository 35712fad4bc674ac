import { type FSWatcher, watch } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Event, event } from '../../protocol/events.ts'

/** Milliseconds without an event after which somebody asks whether its writer still lives. */
const SILENCE = 1_000

/**
 * Events of an operation from its first, as they come, until its result. Ends without one when `alive` says that nobody
 * writes any more. The file must exist. Costs a viewer nothing while nothing happens: the kernel tells of new lines, and
 * what is read and not yet taken is one buffer, however slow the viewer.
 */
export async function* followEvents(
  file: string,
  alive: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  await using handle = await open(file, 'r')
  const lines = new Lines(handle)
  // Before the first look, so that nothing written after that look is missed.
  using changes = new Changes(file, signal)
  let dead = false
  while (!signal.aborted) {
    for await (const line of lines.read()) {
      const next = event.parse(JSON.parse(line))
      yield next
      if (next.type === 'result') return
    }
    if (dead) return
    if (await changes.within(SILENCE)) continue
    // One more look at the file after it died: its last words may have come in between.
    dead = !(await alive())
  }
}

/** Whole lines of a file that grows. */
class Lines {
  readonly #handle: FileHandle
  readonly #buffer = Buffer.allocUnsafe(64 * 1024)
  #rest = ''
  #at = 0

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async *read(): AsyncGenerator<string> {
    for (;;) {
      const { bytesRead } = await this.#handle.read(this.#buffer, 0, this.#buffer.length, this.#at)
      if (bytesRead === 0) return
      this.#at += bytesRead
      // Lines are whole writes of valid UTF-8; latin1 keeps bytes apart until a line is complete.
      this.#rest += this.#buffer.toString('latin1', 0, bytesRead)
      const lines = this.#rest.split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) yield Buffer.from(line, 'latin1').toString('utf8')
    }
  }
}

/** inotify(7) on one file. */
class Changes implements Disposable {
  readonly #watcher: FSWatcher | undefined
  readonly #signal: AbortSignal
  readonly #wake = () => {
    this.#changed = true
    this.#woken.resolve()
  }
  #woken = Promise.withResolvers<void>()
  #changed = false

  constructor(file: string, signal: AbortSignal) {
    this.#signal = signal
    try {
      this.#watcher = watch(file, this.#wake)
      this.#watcher.on('error', () => {})
    } catch {
      // A host that has no inotify watches to spare: then looking now and then has to do.
    }
    signal.addEventListener('abort', this.#wake, { once: true })
  }

  /** Whether it has changed since the last call, or does within that time (milliseconds). */
  async within(ms: number): Promise<boolean> {
    const timer = setTimeout(() => this.#woken.resolve(), ms)
    if (!this.#changed) await this.#woken.promise
    clearTimeout(timer)
    const changed = this.#changed
    this.#changed = false
    this.#woken = Promise.withResolvers()
    return changed
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#wake)
    this.#watcher?.close()
  }
}
