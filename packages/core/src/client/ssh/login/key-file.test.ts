import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readKeyFile } from './key-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axle-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))

const make = (name: string, ...more: string[]) =>
  execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-f', join(folder, name), ...more])

it.each([
  ['open', ['-N', ''], 'open'],
  ['openssh', ['-N', 'a passphrase'], 'encrypted'],
  ['pem', ['-N', 'a passphrase', '-m', 'PEM'], 'encrypted'],
  ['pkcs8', ['-N', 'a passphrase', '-m', 'PKCS8'], 'encrypted'],
] as const)('reads what a key of form %s is, and its public half', async (name, options, state) => {
  make(name, ...options)
  const [whole, beside] = [await readKeyFile(join(folder, name)), await readKeyFile(join(folder, `${name}.pub`))]
  expect(whole?.state).toBe(state)
  expect(beside?.state).toBe('public')
  expect(whole?.blob).toEqual(beside?.blob)
  await rm(join(folder, `${name}.pub`))
  // OpenSSH's own form says it in the open.
  const alone = await readKeyFile(join(folder, name))
  expect(alone?.blob).toEqual(name === 'open' || name === 'openssh' ? beside?.blob : undefined)
})

it('is content with a public half alone, and with nothing', async () => {
  make('away', '-N', '')
  await rm(join(folder, 'away'))
  expect((await readKeyFile(join(folder, 'away')))?.state).toBe('public')
  expect(await readKeyFile(join(folder, 'none'))).toBeUndefined()
})
