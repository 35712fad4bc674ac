/** The nearest of `known` if `word` may be a slip of the finger for it. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const most = word.length <= 4 ? 1 : 2
  const near = known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter((one) => one.distance <= most)
    // Between equals, the one that goes on where the word stops: keys are left unfinished more often than mistyped.
    .sort(
      (a, b) => a.distance - b.distance || Number(b.candidate.startsWith(word)) - Number(a.candidate.startsWith(word)),
    )
  return near[0]?.candidate
}

/** Levenshtein's distance, with two swapped neighbours counted as one slip. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i])
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const cost = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same)
      rows[i]?.push(swapped ? Math.min(cost, at(i - 2, j - 2) + 1) : cost)
    }
  }
  return at(a.length, b.length)
}
