import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { CATALOGUE } from '../src/protocol/error-catalogue.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/errors.md'), 'utf8')
const sections = page.split(/^## /m).slice(1)

it('every code has a section, and every section is of a code', () => {
  expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual(Object.keys(CATALOGUE).sort())
})

it.each(Object.entries(CATALOGUE))('%s: the page has the exit code of the catalogue', (code, { exit }) => {
  expect(sections.find((section) => section.startsWith(`${code}\n`))).toContain(`Exit ${exit}.`)
})
