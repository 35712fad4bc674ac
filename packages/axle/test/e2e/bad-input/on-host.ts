import type { FileHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import type { Project, Ran } from '../project.ts'
import { onTerminal } from '../terminal.ts'
import { changedSince, digest } from './digest.ts'
import { holds, projectOf, type Row, wordsOf } from './row.ts'

/** A terminal has but one output: what is JSON in it is what stdout would have. */
async function typed(project: Project, words: readonly string[], answers: NonNullable<Row['typed']>): Promise<Ran> {
  const { exitCode, screen } = await onTerminal(project, words, answers, {})
  const stdout = [...screen.matchAll(/\{.*\}/g)].map(([line]) => line).join('\n')
  return { exitCode, stdout, stderr: '', screen }
}

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
      const words = wordsOf(row, host, directory)
      holds(
        row,
        row.typed === undefined
          ? await project.axle(words, { env: env ?? {} })
          : await typed(project, words, row.typed),
      )
      expect(await changedSince(before, host)).toEqual([])
      await row.afterwards?.(host, project)
    } finally {
      await row.restore?.(host)
    }
  })
}
