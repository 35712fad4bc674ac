import { useHost } from '@axle-ia/testbed/vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { beforeEach, describe, expect, test } from 'vitest'
import { API, configText, Project, serverText, WORKER } from './project.ts'
import { noPty, onTerminal } from './pty.ts'

const host = useHost()
let project: Project
const services = `${API}, defineService({ name: 'worker', start: 'node worker.js', env: { CANARY: secret({ optional: true }) } })`
host.beforeAll(async () => {
  project = await Project.create(host, {
    'axle.config.ts': configText(services),
    'server.js': serverText('one'),
    'worker.js': WORKER,
  })
}, 60_000)

describe('real --json keeps to what axle schema prints', () => {
  test.each([
    [['status'], 'status', 5],
    [['plan'], 'plan', 0],
    [['deploy'], 'event', 0],
    [['plan'], 'plan', 0],
    [['status'], 'status', 0],
    [['health'], 'health', 0],
    [['env', 'set', 'CANARY', '--service', 'worker'], 'env-set', 0],
    [['env', 'list'], 'env-list', 0],
    [['deploy', '--dry-run'], 'plan', 0],
    [['deploy'], 'event', 0],
    [['rollback'], 'event', 0],
    [['env', 'unset', 'CANARY', '--service', 'worker'], 'env-set', 0],
    [['env', 'set', 'CANARY', '--service', 'worker', '--restart'], 'event', 0],
    [['rollback', '--dry-run'], 'plan', 0],
    [['restart', '--dry-run'], 'plan', 0],
    [['restart', '--service', 'worker', '--detach'], 'event', 0],
    [['restart', '--attach'], 'event', 0],
    [['stop', '--service', 'worker', '--dry-run'], 'plan', 0],
    [['stop', '--service', 'worker'], 'event', 0],
    [['status'], 'status', 5],
    [['start', '--dry-run'], 'plan', 0],
    [['start', '--service', 'worker'], 'event', 0],
    [['exec', '--service', 'api', '--', 'node', '-e', 'console.log(1); console.error(2); process.exit(7)'], 'exec', 7],
    // Wrong, and known to be only after the way to the host has begun: they end all the same.
    [['env', 'set', 'CANARY'], 'failure', 2],
    [['deploy', '--attach', '--now'], 'event', 2],
    [['logs', '-n', '20'], 'logs', 0],
    [['history'], 'history', 0],
    [['rollback', 'ffffffffffff'], 'event', 2],
    [['status', '--service', 'nobody'], 'failure', 2],
  ] as const)('axle %s: %s, exit %i', async (words, schema, exit) => {
    const all: readonly string[] = words
    const end = all.includes('--') ? all.indexOf('--') : all.length
    const ran = await project.axle([...all.slice(0, end), '--json', ...all.slice(end)], { input: 'value' })
    expect(ran.exitCode, ran.screen).toBe(exit)
    const { stdout } = await project.axle(['schema', schema], { local: true })
    const validate = formats
      .default(new Ajv2020({ allErrors: true, strict: true, strictTuples: false }))
      .compile(JSON.parse(stdout))
    const lines = ran.stdout.trim().split('\n')
    for (const line of lines) expect(validate(JSON.parse(line)) ? [] : validate.errors, line).toEqual([])
    if (schema === 'event') expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'result', exit })
  })

  test('a config as the host keeps it', async () => {
    const { stdout } = await project.axle(['schema', 'config'], { local: true })
    const validate = formats
      .default(new Ajv2020({ allErrors: true, strict: true, strictTuples: false }))
      .compile(JSON.parse(stdout))
    const kept = (await host.run(['sh', '-c', 'cat /opt/axle/projects/demo/config-*.json'])).trim().split('\n')
    for (const line of kept) expect(validate(JSON.parse(line)) ? [] : validate.errors).toEqual([])
  })
})

describe('on a terminal', () => {
  beforeEach((context) => {
    if (noPty !== undefined) context.skip(noPty)
  })
  const run = (words: readonly string[], options: Omit<Parameters<typeof onTerminal>[1], 'cwd'>) =>
    onTerminal(project.argv(words), { cwd: project.directory, ...options })

  test.each([40, 80, 200])('of %i columns a deploy of two services ends with no live line left', async (columns) => {
    await project.write({ 'server.js': serverText(`v${columns}`), 'worker.js': `${WORKER}// ${columns}\n` })
    const { rows, raw, exitCode } = await run(['deploy'], { columns })
    expect(exitCode, raw).toBe(0)
    const steps = rows.filter(({ text }) => /^[✓✗-] /.test(text) && !text.includes('Done'))
    expect(steps.filter(({ text }) => text.includes('verify'))).toHaveLength(2)
    expect(rows.map(({ text }) => text).join('\n')).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/)
    for (const [at, { text }] of rows.entries())
      if (/^[✓✗-] /.test(text)) expect(rows[at + 1]?.wrapped ?? false, text).toBe(false)
    expect(raw).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/)
  })

  test('whose size changes, and where somebody presses Ctrl-C: the screen is clean, the deploy goes on', async () => {
    await project.write({ 'worker.js': `${WORKER}// interrupted\n` })
    const { rows, raw, exitCode } = await run(['deploy', '--service', 'worker'], {
      columns: 80,
      acts: [
        { at: 'preflight', do: 'resize', columns: 60 },
        { at: 'verify', do: 'interrupt' },
      ],
    })
    expect(exitCode, raw).toBe(130)
    const text = rows.map((row) => row.text)
    expect(text.join('\n')).not.toMatch(/\^C|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/)
    expect(text).toContainEqual(expect.stringMatching(/^· worker {2}verify .*did not end$/))
    expect(text).toContain('✗ Interrupted (AXLE_INTERRUPTED)')
    expect(text.join('\n')).toContain('goes on on the host')
    expect(raw).not.toContain('\u001b[?25l')
    for (;;) {
      const { operation } = JSON.parse((await project.axle(['status', '--json'])).stdout)
      if (operation.outcome === 'running') continue
      expect(operation.outcome).toBe('done')
      break
    }
  })

  test('a release that fails: what happened, its last lines without their control characters, what to do, what serves', async () => {
    await project.write({
      'server.js': "console.log('\\x1b[2J\\x1b]0;title\\x07\\u202efire 日本 🚀')\nprocess.exit(3)\n",
    })
    const { rows, raw, exitCode } = await run(['deploy', '--service', 'api'], { columns: 80 })
    expect(exitCode, raw).toBe(1)
    for (const control of ['\u001b[2J', '\u001b]0', '\u202e']) expect(raw).not.toContain(control)
    const text = rows.map((row) => row.text).join('\n')
    expect(text).toMatch(
      /AXLE_UNHEALTHY[\s\S]*exit code 3[\s\S]*│ fire 日本 🚀[\s\S]*→ [\s\S]*Serving now:\n {2}api: [0-9a-f]{12}, as before$/,
    )
  })

  test('status and history fit', async () => {
    for (const words of [['status'], ['history'], ['health']]) {
      const { rows } = await run(words, { columns: 80 })
      expect(rows.filter(({ wrapped }) => wrapped)).toEqual([])
    }
  })
})
