import type { OperationContext } from '../engine.ts'
import type { Logger } from '../host/host.ts'

/** What is said of an operation decides nothing of it: words that cannot be written make no failure, and stop no undo. */
export function unfailing(context: OperationContext): OperationContext {
  const { engine } = context
  return { ...context, engine: { ...engine, log: quiet(engine.log) }, emit: tolerant((event) => context.emit(event)) }
}

function quiet(log: Logger): Logger {
  return {
    debug: tolerant((message) => log.debug(message)),
    info: tolerant((message) => log.info(message)),
    warning: tolerant((message) => log.warning(message)),
    error: tolerant((message) => log.error(message)),
  }
}

function tolerant<T>(say: (what: T) => void): (what: T) => void {
  return (what) => {
    try {
      say(what)
    } catch {
      // Whoever writes it remembers what was lost (see EventLog).
    }
  }
}
