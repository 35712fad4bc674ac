/** A time limit that stands still while a person is asked something. */
export interface Deadline {
  hold<T>(work: () => Promise<T>): Promise<T>
  clear(): void
}

export function deadline(ms: number, onPassed: () => void): Deadline {
  let timer: NodeJS.Timeout | undefined = setTimeout(onPassed, ms)
  const clear = () => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    hold: async (work) => {
      clear()
      try {
        return await work()
      } finally {
        timer = setTimeout(onPassed, ms)
      }
    },
    clear,
  }
}
