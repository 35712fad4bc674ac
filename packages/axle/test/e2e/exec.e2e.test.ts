import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { useHost } from '@axle-ia/testbed/vitest'
import { expect, test } from 'vitest'
import { API, configText, Project, serverText } from './project.ts'

const host = useHost()
let project: Project
const CANARY = 'canary-5d1f0a'
host.beforeAll(async () => {
  project = await Project.create(host, {
    'axle.config.ts': configText(API.replace("name: 'api'", "name: 'api', env: { CANARY: secret(), PLAIN: 'a b' }")),
    'server.js': serverText('one'),
    'script.js':
      'process.stdout.write(JSON.stringify({ argv: process.argv.slice(2), version: process.version, cwd: process.cwd() }))',
  })
}, 60_000)

const run = (words: readonly string[], input?: string) =>
  project.axle(['exec', '--service', 'api', '--', ...words], input === undefined ? {} : { input })

test('a service that was never deployed: said, exit 2', async () => {
  const ran = await run(['true'])
  expect(ran.exitCode, ran.screen).toBe(2)
  expect(ran.stderr).toContain('never deployed')
  await project.axle(['env', 'set', 'CANARY'], { input: CANARY })
  const deployed = await project.axle(['deploy'])
  expect(deployed.exitCode, deployed.screen).toBe(0)
})

test('as the user of the service, in its live release, on its Node, with its environment and secrets', async () => {
  expect((await run(['id', '-un'])).stdout).toBe('api')
  const words = ["it's", '"q"', '$HOME', '%h', '', 'a b', '--json']
  const said = JSON.parse((await run(['node', 'script.js', ...words])).stdout)
  expect(said.argv).toEqual(words)
  expect(said.cwd).toMatch(/^\/opt\/api\/releases\/[0-9a-f]{12}\/app$/)
  expect(said.version).toMatch(/^v24\./)
  const env = (await run(['env'])).stdout
  expect(env).toContain(`CANARY=${CANARY}`)
  expect(env).toContain('PLAIN=a b')
  expect(env).toMatch(/^AXLE_SLOT=[ab]$/m)
  expect(env).toContain('HOME=/var/lib/api')
})

test('in the sandbox: /etc and the release cannot be written, its own folder can', async () => {
  const etc = await run(['sh', '-c', 'echo x > /etc/axle-exec'])
  expect(etc.exitCode).not.toBe(0)
  expect(etc.stderr).toMatch(/Read-only|denied/i)
  expect((await run(['touch', 'x'])).exitCode).not.toBe(0)
  expect((await run(['sh', '-c', 'echo x > "$HOME/mine" && cat "$HOME/mine"'])).stdout).toBe('x')
})

test('exit codes: its own, 128 + n after a signal, 127 where there is no such program', async () => {
  expect((await run(['sh', '-c', 'exit 42'])).exitCode).toBe(42)
  expect((await run(['sh', '-c', 'kill -TERM $$'])).exitCode).toBe(143)
  expect((await run(['sh', '-c', 'kill -KILL $$'])).exitCode).toBe(137)
  const missing = await run(['no-such-program'])
  expect(missing.exitCode).toBe(127)
  expect(missing.stderr).toContain('no-such-program')
})

test('standard input and both outputs, byte for byte, more than any buffer holds', async () => {
  const bytes = randomBytes(5_000_000)
  const child = project.raw(['exec', '--service', 'api', '--', 'sh', '-c', 'cat; echo done >&2'], bytes)
  const { stdout, stderr, exitCode } = await child
  expect(exitCode).toBe(0)
  expect(Buffer.from(stdout).equals(bytes)).toBe(true)
  expect(Buffer.from(stderr).toString()).toBe('done\n')
  const early = await run(['head', '-c', '1'], 'x'.repeat(4_000_000))
  expect([early.exitCode, early.stdout]).toEqual([0, 'x'])
})

test('output comes while the command runs; --json', async () => {
  const child = project.start(['exec', '--service', 'api', '--', 'sh', '-c', 'echo first; sleep 30'])
  const line = await new Promise<string>((resolve) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()))
  })
  expect(line).toBe('first\n')
  child.kill('SIGINT')
  expect((await child).exitCode).toBe(130)
  const json = await project.axle(['exec', '--service', 'api', '--json', '--', 'sh', '-c', 'printf out; exit 3'])
  expect(json.exitCode).toBe(3)
  expect(json.stdout.split('\n').map((one) => JSON.parse(one))).toEqual([
    { stream: 'stdout', base64: Buffer.from('out').toString('base64') },
    { exit: 3 },
  ])
})

test.each(['SIGINT', 'SIGKILL'] as const)(
  '%s here ends the command there, also one that reads nothing of its input',
  async (signal) => {
    const viewer = project.start(['exec', '--service', 'api', '--', 'sleep', '4711'], 'pipe')
    viewer.stdin?.on('error', () => {})
    viewer.stdin?.write(randomBytes(3_000_000))
    const running = async () => (await host.exec(['pgrep', '-f', '^sleep 4711'])).exitCode === 0
    const until = async (wanted: boolean) => {
      for (let tries = 0; tries < 80 && (await running()) !== wanted; tries++) await sleep(250)
      expect(await running()).toBe(wanted)
    }
    await until(true)
    viewer.kill(signal)
    await viewer
    await until(false)
  },
)

test('on the host itself; who ran something stands in the journal, its words do not', async () => {
  const { stdout, stderr, exitCode } = await host.exec([
    'axle',
    'exec',
    '--',
    'sh',
    '-c',
    'echo here; exit 7',
    '--project',
  ])
  expect([stdout, exitCode], stderr).toEqual(['here\n', 7])
  const journal = await host.run(['journalctl', '--no-pager', '-u', 'axle-exec-api-*'])
  expect(journal).toMatch(/Axle: a command in api, for \S+@\S+/)
  expect(journal).not.toContain('4711')
  const units = await host.run(['systemctl', 'list-units', '--all', '--no-legend', 'axle-exec-*'])
  expect(units.trim()).toBe('')
})
