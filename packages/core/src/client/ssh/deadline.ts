/** A time limit that stands still while a person is asked something. */
export interface Deadline {
  hold<T>(work: () => Promise<T>): Promise<T>
  clear(): void
}

export function deadline(ms: number, onPassed: () => void): Deadline {
  let timer = setTimeout(onPassed, ms)
  let over = false
  return {
    hold: async (work) => {
      clearTimeout(timer)
      try {
        return await work()
      } finally {
        // Whoever asked may have gone meanwhile: nothing would ever stop a new timer.
        if (!over) timer = setTimeout(onPassed, ms)
      }
    },
    clear: () => {
      over = true
      clearTimeout(timer)
    },
  }
}
