import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findConfig } from './find.ts'
import { loadConfig } from './load.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-load-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What defineConfig() and defineService() make, without this package: it is not installed in the temporary folder. */
const made = (kind: string, code: string) =>
  `const name: string = 'shop'
export default { kind: '${kind}', options: null, [Symbol.for('axle.code')]: ${code} }`

async function load(text: string) {
  await writeFile(join(folder, 'axle.config.ts'), text)
  return loadConfig(await findConfig(folder))
}

it('evaluates TypeScript', async () => {
  const { form, input } = await load(made('config', '{ project: name, services: [] }'))
  expect({ form, project: input.project }).toEqual({ form: 'config', project: 'shop' })
})

it.each([
  ['a mistake in the syntax', 'const a = 1\nconst b = {', 'AXLE_CONFIG_LOAD', ':2:12: '],
  ['something thrown', "const a = 1\nthrow new Error('no luck')", 'AXLE_CONFIG_LOAD', 'no luck'],
  ['a package that is not there', "import 'not-installed-here'", 'AXLE_CONFIG_LOAD', 'not-installed-here'],
  ['no default export', 'export const a = 1', 'AXLE_CONFIG_INVALID', 'no default export'],
  ['something else', 'export default {}', 'AXLE_CONFIG_INVALID', 'no default export'],
])('says where and what: %s', async (_, text, code, message) => {
  await expect(load(text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
})

// In a process of its own: vitest has its own way with stacks.
it('says in which line something was thrown', async () => {
  const file = join(folder, 'axle.config.ts')
  await writeFile(file, "const a = 1\nthrow new Error('no luck')")
  const loader = JSON.stringify(new URL('./load.ts', import.meta.url).href)
  const program = `const { loadConfig } = await import(${loader}); await loadConfig(process.argv[1]).catch((e) => console.log(e.message))`
  const args = ['-C', 'axle-source', '--no-warnings', '--input-type=module', '-e', program, file]
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe(`${file}:2: no luck`)
})

it('says what to install around a single service', async () => {
  // A package of that name which is not ours.
  await mkdir(join(folder, 'node_modules/axle'), { recursive: true })
  await writeFile(join(folder, 'node_modules/axle/index.js'), '')
  const text = made('service', "{ name, start: 'x' }")
  await expect(load(text)).rejects.toMatchObject({
    code: 'AXLE_CONFIG_INVALID',
    hint: expect.stringContaining('npm install'),
  })
})

it('says that there is no config', async () => {
  await expect(findConfig(folder)).rejects.toMatchObject({ code: 'AXLE_CONFIG_NOT_FOUND' })
})
