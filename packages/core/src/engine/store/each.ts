/** Runs `act` for each item, at most `most` at a time. The first failure stops what has not begun; what has, is waited for. */
export async function each<T>(items: Iterable<T>, most: number, act: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]()
  const failures: unknown[] = []
  const work = async (): Promise<void> => {
    for (let next = rest.next(); failures.length === 0 && next.done !== true; next = rest.next()) {
      try {
        await act(next.value)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: most }, work))
  if (failures.length > 0) throw failures[0]
}
