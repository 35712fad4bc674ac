import { expect, it } from 'vitest'
import { AxleError } from '../protocol/errors.ts'
import type { Initialized, InitRequest } from './initialize.ts'
import { createProgram } from './program.ts'
import { fakeIo } from './testing/fake-io.ts'

const done: Initialized = {
  file: '/work/axle.config.ts',
  written: true,
  config: 'export default 1\n',
  found: {
    name: 'shop',
    packageManager: 'npm',
    start: 'node server.js',
    node: '24',
    include: [],
    port: 3000,
    secrets: [],
  },
  installed: ['axle@^1.2.3'],
  notes: ['look at this'],
  next: ['npx axle deploy --host user@host'],
}

async function init(line: string, result: Initialized | AxleError = done, side: 'client' | 'host' = 'client') {
  const { io, said } = fakeIo()
  const requests: InitRequest[] = []
  const program = createProgram({
    side,
    version: '1.2.3',
    cwd: '/work',
    io,
    connect: () => Promise.reject(new Error('init goes to no host')),
    init: async () => async (request) => {
      requests.push(request)
      if (result instanceof AxleError) throw result
      return result
    },
  })
  return { exit: await program.run(`init ${line}`.split(' ').filter(Boolean)), ...said, requests }
}

it('--help shows its options and examples, and no way to a host', async () => {
  const { exit, out } = await init('--help')
  expect(exit).toBe(0)
  expect(out).toContain('axle init --yes --host deploy@api.example.com')
  for (const option of ['--json', '--host <', '--domain', '--name', '--yes', '--no-install', '--dry-run'])
    expect(out).toContain(option)
  expect(out).not.toMatch(/--identity|--host-key|--config/)
})

it('is no command on a host', async () => {
  const { exit, err } = await init('', done, 'host')
  expect({ exit, err }).toMatchObject({ exit: 2, err: expect.stringContaining("Unknown command 'init'") })
})

it('hands on what was said', async () => {
  const { requests } = await init('--yes --host a@b --domain a.example.com --name shop --no-install --dry-run')
  expect(requests).toMatchObject([
    {
      cwd: '/work',
      host: 'a@b',
      domain: 'a.example.com',
      name: 'shop',
      install: false,
      dryRun: true,
      prompt: undefined,
    },
  ])
  expect((await init('')).requests).toMatchObject([{ install: true, dryRun: false, host: undefined }])
})

it.each([
  ['--host a;b', 'expected "user@host"'],
  ['--domain nowhere', 'a domain name'],
  ['--name Shop', 'lower-case letters'],
  ['--identity key', "Unknown option '--identity'"],
])('refuses "%s" with exit 2', async (line, why) => {
  const { exit, err, requests } = await init(line)
  expect({ exit, requests }).toEqual({ exit: 2, requests: [] })
  expect(err).toContain(why)
})

it('says what it found, what to look at, and what is next', async () => {
  const { out } = await init('--yes')
  for (const text of [
    '/work/axle.config.ts is written',
    'axle@^1.2.3 installed with npm',
    '! look at this',
    done.next[0],
  ])
    expect(out).toContain(text)
})

it('--json is all of it; --dry-run leaves stdout to the config', async () => {
  expect(JSON.parse((await init('--json')).out)).toEqual(done)
  const { out, err } = await init('--dry-run', { ...done, written: false, installed: [] })
  expect(out).toBe(done.config)
  expect(err).toContain('is not written')
})

it('--quiet is the line that it is written', async () => {
  expect(await init('--quiet')).toMatchObject({ out: '✓ /work/axle.config.ts is written.\n', err: '' })
})

it('ends as the error says', async () => {
  const refused = new AxleError('AXLE_INIT', '/work is empty.', { hint: 'npm init -y' })
  expect(await init('', refused)).toMatchObject({ exit: 2, out: '', err: expect.stringContaining('/work is empty.') })
  const { out } = await init('--json', refused)
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'AXLE_INIT', exit: 2, hint: 'npm init -y' } })
})
