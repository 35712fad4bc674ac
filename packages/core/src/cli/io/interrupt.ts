/** The viewer was asked to end. Not an error of the operation: that goes on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  constructor() {
    super('interrupted')
  }
}

/** `work`, unless somebody interrupts first: a deploy's viewer must end at once, whatever it is waiting for. */
export async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw new Interrupted()
  const { promise: interrupted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(new Interrupted())
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, interrupted])
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Whoever loses the race may still fail; nobody is there to hear it.
    work.catch(() => {})
  }
}
