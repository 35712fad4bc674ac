import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Answer, FromHost } from '../protocol/wire.ts'
import { COMMANDS } from './commands/table.ts'
import type { Where } from './program.ts'
import { accepted, axle, begun, stamp } from './testing/fake-axle.ts'

describe('the command line', () => {
  it.each(COMMANDS.filter(({ local }) => local !== true).map(({ name }) => name))(
    '%s --help shows its options and an example',
    async (name) => {
      const { exit, out } = await axle(`${name} --help`)
      expect(exit).toBe(0)
      expect(out).toMatch(new RegExp(`Examples?:\\n {2}axle ${name}`))
      for (const option of [
        '--json',
        '--host <',
        '--service',
        '--identity',
        '--host-key',
        '--config',
        '--quiet',
        '--verbose',
        '--no-color',
      ])
        expect(out).toContain(option)
    },
  )

  it('lists its commands in groups, and the exit codes, by three ways to ask', async () => {
    const { out, exit } = await axle('--help')
    expect(out).toMatch(
      /Beginning:\n {2}init[\s\S]*Deploying:\n {2}plan [\s\S]*Running:\n {2}restart [\s\S]*Looking:\n {2}status [\s\S]*Environment:\n {2}env <command>/,
    )
    expect(out).toMatch(/Exit codes:\n {2}0 {4}done/)
    expect(exit).toBe(0)
    expect(await axle('help')).toMatchObject({ out, exit: 0 })
    expect(await axle('help env set')).toMatchObject({ out: (await axle('env set --help')).out, exit: 0 })
  })

  it.each(['', 'env'])('prints help where a command is missing ("%s"), and that is wrong usage', async (line) => {
    const { out, err, exit } = await axle(line)
    expect(err).toBe((await axle(`${line} --help`)).out)
    expect(out).toBe('')
    expect(exit).toBe(2)
  })

  it('has no way to go on the host itself', async () => {
    const { out } = await axle('status --help', [], { side: 'host' })
    expect(out).toContain('--project')
    expect(out).not.toContain('--host ')
  })

  it.each([
    ['deploy --hots x', "Unknown option '--hots'"],
    ['deply', "Unknown command 'deply'"],
    ['deploy --host a;b', '--host "a;b": expected "user@host"'],
    ['deploy --host-key MD5:x', '--host-key "MD5:x": expected a fingerprint'],
    ['logs -n ten', '--lines "ten": expected a whole number'],
    ['rollback latest', 'Release "latest": expected a release: 12 hex digits'],
    ['env set A-B', 'Name "A-B": expected a variable name'],
    ['status --quiet --verbose', '--quiet: not together with --verbose'],
    ['completion tcsh', 'Allowed choices are bash, zsh, fish'],
    ['schema nothing', 'Allowed choices are event'],
    ['deploy extra', 'Too many arguments'],
  ])('refuses "%s" with exit 2', async (line, why) => {
    const { exit, err, requests } = await axle(line)
    expect(err.toLowerCase()).toContain(why.toLowerCase())
    expect(err).toContain('AXLE_USAGE')
    expect(exit).toBe(2)
    expect(requests).toEqual([])
  })

  it('does not repeat a value that was typed as an argument', async () => {
    const { exit, err, out } = await axle('env set KEY=hunter2')
    expect(exit).toBe(2)
    expect(err + out).not.toContain('hunter2')
    expect(err).toContain('axle env set KEY')
  })

  it('hands on where to and for what', async () => {
    const end: FromHost = { t: 'end', exit: 0 }
    const { targets, requests } = await axle('deploy --service api --service worker --host a@b --identity k --now', [
      end,
    ])
    expect(targets[0]).toMatchObject({
      services: ['api', 'worker'],
      host: 'a@b',
      identity: 'k',
      cwd: '/work',
      verb: 'deploy',
    })
    expect(requests).toEqual([{ verb: 'deploy', now: true, wait: false, services: ['api', 'worker'] }])
  })

  it('sets out for the host before anything of the command is done', async () => {
    const asked: Where[] = []
    const setOut = async (where: Where) => void asked.push(where)
    const line = 'deploy --host a@b --identity k --host-key SHA256:x --config c.ts'
    await axle(line, [], { setOut })
    expect(asked).toEqual([{ cwd: '/work', config: 'c.ts', host: 'a@b', identity: 'k', hostKey: 'SHA256:x' }])
    const { err } = await axle('status --host a;b', [], { setOut })
    expect(err).toContain('AXLE_USAGE')
    expect(asked[1]).toEqual({ cwd: '/work', host: 'a;b' })
    for (const none of ['init --host a@b', 'schema', 'completion bash', 'status --help', 'status --hots'])
      await axle(none, [], { setOut })
    expect(asked).toHaveLength(2)
  })

  it('says what exit codes mean of what changes nothing on the host', async () => {
    expect((await axle('exec --help')).out).toMatch(/130 {2}interrupted; the command is ended[^\n]*\n {2}else that of/)
    expect((await axle('init --help')).out).not.toMatch(/still serves|host goes on/)
  })

  it('takes what stands behind -- for the command on the host', async () => {
    const { err, out } = await axle('exec --hots -- x --json --verbose')
    expect(out).toBe('')
    expect(err).toContain('AXLE_USAGE')
  })

  it('reads a secret from stdin, without the line end', async () => {
    const answer: FromHost = { t: 'answer', answer: { verb: 'env', answer: { service: 'api', names: [] } } }
    const { exit, requests, out } = await axle('env set KEY --service api', [answer, { t: 'end', exit: 0 }], {
      stdin: 's3cret\n',
    })
    expect(requests).toEqual([{ verb: 'env-set', service: 'api', name: 'KEY', value: 's3cret' }])
    expect(out).toContain('KEY is set for api')
    expect(out).not.toContain('s3cret')
    expect(exit).toBe(0)
  })

  it('asks which service a secret is for, with the lines to run', async () => {
    const { exit, err } = await axle('env set KEY', [], { stdin: 'x' })
    expect(exit).toBe(2)
    expect(err).toContain('axle env set KEY --service worker')
  })

  it('--json of a deploy is the events as they are', async () => {
    const result = stamp({ type: 'result', outcome: 'failed', exit: 1, services: [] }, 1)
    const events = [begun, result]
    const { exit, out } = await axle('deploy --json', [
      ...events.map((event): FromHost => ({ t: 'event', event })),
      { t: 'end', exit: 1 },
    ])
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(events)
    expect(exit).toBe(1)
  })

  it('ends --json with a result where the host never sent one', async () => {
    const { exit, out } = await axle('deploy --json', [{ t: 'event', event: begun }])
    const last: unknown = JSON.parse(out.trim().split('\n').at(-1) ?? '')
    expect(last).toMatchObject({
      v: 1,
      op: 'op1',
      seq: 1,
      type: 'result',
      outcome: 'lost-viewer',
      exit: 130,
      code: 'AXLE_CONNECTION_LOST',
    })
    expect(exit).toBe(130)
  })

  it('ends --json with a result where the options are wrong', async () => {
    const { exit, out } = await axle('deploy --json --host a;b')
    expect(JSON.parse(out)).toMatchObject({
      op: '',
      seq: 0,
      type: 'result',
      outcome: 'failed',
      exit: 2,
      code: 'AXLE_USAGE',
    })
    expect(exit).toBe(2)
  })

  it('an interrupted viewer says that the deploy goes on', async () => {
    const { exit, out } = await axle('deploy', [accepted], { hang: true })
    expect(exit).toBe(130)
    expect(out).toContain('the deploy goes on on the host')
    expect(out).toContain('axle status')
  })

  it("a host's error decides about the exit code", async () => {
    const error = { code: 'AXLE_LOCKED', message: 'bob deploys since 12:00', exit: 4 }
    const { exit, out } = await axle('deploy', [{ t: 'error', error }])
    expect(exit).toBe(4)
    expect(out).toContain('bob deploys since 12:00')
  })

  it('status and health pass on exit 5', async () => {
    const answer: Answer = {
      verb: 'health',
      answer: { healthy: false, checks: [{ service: 'api', check: 'health', ok: false, detail: '503', ms: 12 }] },
    }
    const { exit, out } = await axle('health', [
      { t: 'answer', answer },
      { t: 'end', exit: 5 },
    ])
    expect(exit).toBe(5)
    expect(out).toContain('✗  api  health  12 ms  503')
    expect(out).toContain('Not healthy: 1 of 1 check failed.')
  })
})

/** What is loaded, in order, as Node is told. */
function trace(args: readonly string[]) {
  const hooks = `import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => { process.stderr.write('LOAD ' + url + '\\n'); return next(url, context) } })`
  const bin = new URL('../bin.ts', import.meta.url).pathname
  const run = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`, bin, ...args],
    { encoding: 'utf8', cwd: import.meta.dirname },
  )
  return { ...run, loaded: run.stderr.split('\n').filter((line) => line.startsWith('LOAD ')) }
}

describe('what is loaded', () => {
  it('--help: no zod, no SSH and no bundler', () => {
    const { stdout, loaded } = trace(['--help'])
    expect(stdout).toContain('rollback')
    expect(loaded.some((line) => line.includes('commander'))).toBe(true)
    expect(loaded.filter((line) => /zod|ssh|esbuild|execa|src\/(client|engine)\//.test(line))).toEqual([])
  })

  it('a command: what sets out for the host, and only then the rest', () => {
    const { loaded, status } = trace(['status'])
    expect(status).toBe(2)
    const at = (part: string) => loaded.findIndex((line) => line.includes(part))
    expect(at('src/client/way/early.ts')).toBeGreaterThan(0)
    expect(at('src/cli/actions/')).toBeGreaterThan(at('src/client/way/early.ts'))
    const before = loaded.slice(0, at('src/cli/actions/'))
    expect(before.filter((line) => /zod|esbuild|execa|src\/engine\//.test(line))).toEqual([])
  })
})

it.each(['status', 'env set KEY', 'exec -- ls', 'deploy', 'logs'])(
  'axle %s lets go of what it reached, however it ends',
  async (line) => {
    const { closed } = await axle(line, [{ t: 'end', exit: 0 }], { stdin: 'value' })
    expect(closed).toHaveLength(1)
  },
)
