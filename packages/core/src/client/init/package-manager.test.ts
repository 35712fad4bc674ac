import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { install, notInstalled, packageManagerOf } from './package-manager.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-manager-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it.each([
  ['package-lock.json', 'npm run build', 'npx axle deploy', 'npm i -D axle@^1.0.0'],
  ['pnpm-lock.yaml', 'pnpm run build', 'pnpm exec axle deploy', 'pnpm add -D axle@^1.0.0'],
  ['yarn.lock', 'yarn run build', 'yarn exec axle -- deploy', 'yarn add -D axle@^1.0.0'],
  ['bun.lock', 'bun run build', 'bun x axle deploy', 'bun add -D axle@^1.0.0'],
  ['README.md', 'npm run build', 'npx axle deploy', 'npm i -D axle@^1.0.0'],
])('with a %s it is %s', async (file, run, execute, add) => {
  await writeFile(join(folder, file), '')
  await writeFile(join(folder, 'package.json'), '{}')
  const manager = await packageManagerOf(folder)
  expect(manager.run('build').join(' ')).toBe(run)
  expect(manager.execute(['axle', 'deploy']).join(' ')).toBe(execute)
  expect(manager.addForDevelopment(['axle@^1.0.0']).join(' ')).toBe(add)
})

it('is what packageManager says', async () => {
  await writeFile(join(folder, 'package.json'), '{ "packageManager": "pnpm@12.0.0" }')
  expect((await packageManagerOf(folder)).name).toBe('pnpm')
})

it('misses only what does not resolve from the folder', async () => {
  await mkdir(join(folder, 'node_modules', '@acme', 'there'), { recursive: true })
  await writeFile(join(folder, 'node_modules', '@acme', 'there', 'package.json'), '{"name":"@acme/there"}')
  expect(notInstalled(folder, ['@acme/there', '@acme/gone'])).toEqual(['@acme/gone'])
})

it('says how to go on where an installation fails, with the last lines', async () => {
  const argv = ['node', '-e', 'console.log("no such package"); process.exit(3)'] as const
  await expect(install(folder, argv, new AbortController().signal)).rejects.toMatchObject({
    code: 'AXLE_INSTALL',
    exit: 1,
    message: expect.stringContaining('failed with exit code 3'),
    hint: expect.stringContaining('by hand: node -e'),
    output: expect.stringContaining('no such package'),
  })
})
