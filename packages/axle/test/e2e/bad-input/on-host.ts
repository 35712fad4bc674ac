import type { FileHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { changedSince, digest } from './digest.ts'
import { holds, projectOf, type Row, wordsOf } from './row.ts'

/** Each row against a real host, which is the same before and after it. */
export function onHost(host: FileHost, rows: readonly Row[]): void {
  test.each(rows)('$name: exit $exit, $code', async (row) => {
    // Rows that say all words themselves go to the host by another way than the usual one.
    await using project = await projectOf(row, typeof row.words === 'function' ? undefined : host)
    const { directory } = project
    try {
      await row.arrange?.(host)
      const before = await digest(host)
      const env = typeof row.env === 'function' ? row.env(directory) : row.env
      holds(row, await project.axle(wordsOf(row, host, directory), env === undefined ? {} : { env }))
      expect(await changedSince(before, host)).toEqual([])
      await row.afterwards?.(host, project)
    } finally {
      await row.restore?.(host)
    }
  })
}
