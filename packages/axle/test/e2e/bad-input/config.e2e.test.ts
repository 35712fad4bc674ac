import { describe, test } from 'vitest'
import { configRows } from './config-rows.ts'
import { filesRows } from './files-rows.ts'
import { holds, projectOf, wordsOf } from './row.ts'
import { serviceRows } from './service-rows.ts'

// What is wrong here is found before a host is asked: none is named.
describe.concurrent('found on this machine, with no host named', () => {
  test.each([...configRows, ...serviceRows, ...filesRows])('$name: exit $exit, $code', async (row) => {
    await using project = await projectOf(row, undefined)
    const env = typeof row.env === 'function' ? row.env(project.directory) : row.env
    holds(row, await project.axle(wordsOf(row, undefined, project.directory), env === undefined ? {} : { env }))
  })
})
