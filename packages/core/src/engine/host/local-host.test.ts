import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { confined } from './confined-host.ts'
import { parseOsRelease, readFacts } from './facts.ts'
import { makeTestHost } from './test-host.ts'

async function all(lines: AsyncIterable<string>): Promise<readonly string[]> {
  const found: string[] = []
  for await (const line of lines) found.push(line)
  return found
}

test('writes a file whole, with its mode, and leaves nothing else in the folder', async () => {
  const host = await makeTestHost()
  await host.makeDirectory('/etc/app', { mode: '755' })
  await host.write('/etc/app/one', 'text', { mode: '640' })
  expect(await host.read('/etc/app/one')).toBe('text')
  expect(await host.stat('/etc/app/one')).toMatchObject({ type: 'file', mode: '640', size: 4 })
  expect(await host.list('/etc/app')).toEqual(['one'])
})

test('replaces a link, and never writes or reads through it', async () => {
  const host = await makeTestHost()
  await host.makeDirectory('/etc', { mode: '755' })
  await host.write('/etc/real', 'kept', { mode: '644' })
  await host.link('/etc/alias', 'real')
  await expect(host.read('/etc/alias')).rejects.toMatchObject({ code: 'AXLE_UNSAFE_PATH' })
  await expect(host.setAttributes('/etc/alias', { mode: '600' })).rejects.toMatchObject({ code: 'AXLE_UNSAFE_PATH' })
  await host.write('/etc/alias', 'new', { mode: '644' })
  expect(await host.stat('/etc/alias')).toMatchObject({ type: 'file' })
  expect(await host.read('/etc/real')).toBe('kept')
})

test('a link is replaced in one step', async () => {
  const host = await makeTestHost()
  await host.makeDirectory('/opt', { mode: '755' })
  await host.link('/opt/current', 'a')
  await host.link('/opt/current', 'b')
  expect(await host.stat('/opt/current')).toMatchObject({ type: 'link', target: 'b' })
  expect(await host.list('/opt')).toEqual(['current'])
})

test('refuses to act below a folder that is a link, or that others can write to, sticky or not', async () => {
  const host = await makeTestHost()
  await mkdir(host.path('/real'))
  await symlink('real', host.path('/link'))
  await mkdir(host.path('/shared'))
  for (const path of ['/link/x', '/link/deep/x', '/../x', '//x', 'x']) {
    await expect(host.write(path, '', { mode: '644' })).rejects.toMatchObject({ code: 'AXLE_UNSAFE_PATH' })
  }
  for (const mode of [0o777, 0o775, 0o1777]) {
    await chmod(host.path('/shared'), mode)
    const refused = { code: 'AXLE_UNSAFE_PATH', where: '/shared' }
    await expect(host.write('/shared/x', '', { mode: '644' })).rejects.toMatchObject(refused)
    await expect(host.makeDirectory('/shared/x', { mode: '755' })).rejects.toMatchObject(refused)
    await expect(host.link('/shared/x', 'y')).rejects.toMatchObject(refused)
    await expect(host.remove('/shared/x')).rejects.toMatchObject(refused)
    await expect(host.rename('/shared/x', '/y')).rejects.toMatchObject(refused)
  }
})

test.runIf(process.getuid?.() === 0)('refuses to act below a folder that belongs to somebody else', async () => {
  const host = await makeTestHost()
  await host.makeDirectory('/theirs', { mode: '755', uid: 12345 })
  await expect(host.write('/theirs/x', '', { mode: '644' })).rejects.toMatchObject({ code: 'AXLE_UNSAFE_PATH' })
})

test('removes nothing where there is nothing, and full folders only when told', async () => {
  const host = await makeTestHost()
  await host.remove('/none')
  await host.makeDirectory('/full/deep', { mode: '700' })
  await expect(host.remove('/full')).rejects.toMatchObject({ code: 'AXLE_RESOURCE' })
  await host.remove('/full', { recursive: true })
  expect(await host.stat('/full')).toBeUndefined()
  expect(await host.list('/full')).toEqual([])
})

test('runs a program in a clean environment', async () => {
  const host = await makeTestHost()
  process.env['AXLE_TEST_LEAK'] = '1'
  const { stdout } = await host.run(['env'], { env: { OWN: 'x' } })
  expect(stdout).toMatch(/^OWN=x$/m)
  expect(stdout).not.toContain('AXLE_TEST_LEAK')
  expect((await host.run(['cat'], { input: 'in' })).stdout).toBe('in')
  expect((await host.run(['sh', '-c', 'exit 3'], { accept: [3] })).exitCode).toBe(3)
})

test('says what failed, with the last lines', async () => {
  const host = await makeTestHost()
  await expect(host.run(['sh', '-c', 'seq 50; exit 2'])).rejects.toMatchObject({
    code: 'AXLE_COMMAND',
    output: Array.from({ length: 20 }, (_, index) => index + 31).join('\n'),
  })
  await expect(host.run(['no-such-program-x'])).rejects.toMatchObject({ code: 'AXLE_TOOL_MISSING' })
  await expect(host.run(['true'], { cwd: '/nowhere' })).rejects.toMatchObject({ code: 'AXLE_COMMAND' })
})

test('obeys the deadline although a grandchild holds the pipe', async () => {
  const host = await makeTestHost()
  const started = performance.now()
  await expect(host.run(['sh', '-c', 'sleep 30; true'], { within: 200 })).rejects.toMatchObject({
    code: 'AXLE_TIMEOUT',
  })
  expect(performance.now() - started).toBeLessThan(5_000)
  const abort = new AbortController()
  setTimeout(() => abort.abort(new Error('stop')), 100)
  await expect(host.run(['sh', '-c', 'sleep 30; true'], { signal: abort.signal })).rejects.toThrow('stop')
})

test('streams lines, kills the program when the consumer stops, and tells a failure', async () => {
  const host = await makeTestHost()
  const lines: string[] = []
  for await (const line of host.stream(['sh', '-c', 'echo $$; while :; do echo more; sleep 0.01; done'])) {
    lines.push(line)
    if (lines.length === 3) break
  }
  expect(lines.slice(1)).toEqual(['more', 'more'])
  expect(() => process.kill(Number(lines[0]), 0)).toThrow()
  await expect(all(host.stream(['sh', '-c', 'echo x; exit 4']))).rejects.toMatchObject({ code: 'AXLE_COMMAND' })
  await expect(all(host.stream(['no-such-program-x']))).rejects.toMatchObject({ code: 'AXLE_TOOL_MISSING' })
  const abort = new AbortController()
  setTimeout(() => abort.abort(), 50)
  expect(await all(host.stream(['sleep', '30'], { signal: abort.signal }))).toEqual([])
})

test('a confined host wraps what it runs and writes nothing', async () => {
  const host = confined(await makeTestHost(), (argv) => ['echo', 'wrapped', ...argv])
  expect((await host.run(['x'])).stdout).toBe('wrapped x\n')
  await expect(host.write('/x', '', { mode: '644' })).rejects.toMatchObject({ code: 'AXLE_HOOK' })
})

test('reads the facts of a machine', async () => {
  const host = await makeTestHost()
  expect(
    Object.fromEntries(parseOsRelease(`ID=ubuntu\nID_LIKE="debian x"\nVERSION_ID='24.04'\nNAME="a \\"b\\""\n`)),
  ).toEqual({
    ID: 'ubuntu',
    ID_LIKE: 'debian x',
    VERSION_ID: '24.04',
    NAME: 'a "b"',
  })
  await host.makeDirectory('/var/lib/axle/host', { mode: '755' })
  const one = { name: 'api', project: 'p', ports: { a: 8000, b: 8001 } }
  await writeFile(host.path('/var/lib/axle/host/services.json'), JSON.stringify({ v: 1, services: { api: one } }))
  expect((await readFacts(host.path('/'))).services).toEqual([one])
  await writeFile(host.path('/var/lib/axle/host/services.json'), '{')
  // Mended by the next operation, for which the engine has to start.
  expect((await readFacts(host.path('/'))).services).toEqual([])
  expect(await readFile('/etc/os-release', 'utf8')).toContain((await readFacts()).os.id)
})
