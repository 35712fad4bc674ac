import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../../protocol/plan.ts'
import type { Heard } from '../connect.ts'
import type { Initialized } from '../initialize.ts'
import { accepted, axle, begun, stamp } from '../testing/fake-axle.ts'
import { SCHEMA_NAMES } from './names.ts'

const schemas: Record<string, object> = JSON.parse((await axle('schema')).out)
const ajv = formats.default(new Ajv2020({ allErrors: true, strict: true, strictTuples: false }))

function errors(name: string, value: unknown) {
  const validate = ajv.getSchema(`urn:axle:schema:1:${name}`) ?? ajv.compile(schemas[name] ?? {})
  return validate(value) === true ? [] : (validate.errors ?? [])
}

describe('axle schema', () => {
  it('prints every schema by name, and one alone', async () => {
    expect(Object.keys(schemas)).toEqual([...SCHEMA_NAMES])
    for (const name of SCHEMA_NAMES) {
      expect(JSON.parse((await axle(`schema ${name}`)).out)).toEqual(schemas[name])
      expect(schemas[name]).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
      expect(errors(name, {}).length).toBeGreaterThan(0)
    }
  })
})

const events = [
  begun,
  stamp({ type: 'step', step: 'start', service: 'api', state: 'done', ms: 1.5 }, 1),
  stamp({ type: 'live', service: 'api', release: 'aaaaaaaaaaaa', slot: 'b' }, 2),
  stamp({ type: 'result', outcome: 'done', exit: 0, services: [{ service: 'api', outcome: 'done' }] }, 3),
].map((event): Heard => ({ t: 'event', event }))
const end: Heard = { t: 'end', exit: 0 }
const env: Heard = { t: 'answer', answer: { verb: 'env', answer: { service: 'api', names: [] } } }
const check = { check: 'direct', ok: true, detail: '200', ms: 1 }
const health: Heard = { t: 'answer', answer: { verb: 'health', answer: { healthy: true, checks: [check] } } }

const plan = (action: Plan['services'][number]['action']): Heard => {
  const missing = { files: 0, bytes: 0 }
  const service = {
    service: 'api',
    action,
    release: 'aaaaaaaaaaaa',
    slot: 'b',
    gap: true,
    files: 2,
    bytes: 3,
    missing,
  } as const
  const answer: Plan = { v: 1, project: 'shop', services: [service], changes: [], handlers: ['nginx/reload'] }
  return { t: 'answer', answer: { verb: 'plan', answer } }
}
const output: readonly Heard[] = [
  { t: 'output', stream: 'stderr', size: 2 },
  { t: 'bytes', bytes: Buffer.from([0xff, 0]) },
]
const waiting: Heard = {
  t: 'waiting',
  for: { what: 'deploy', since: '2026-01-02T03:04:05.000Z', actor: { user: 'bob', host: 'ci' } },
}
const init: Initialized = {
  file: '/work/axle.config.ts',
  written: true,
  config: '',
  found: { name: 'shop', packageManager: 'npm', start: 'node .', node: '24', include: ['dist/'], port: 1, secrets: [] },
  installed: ['axle@^1.2.3'],
  notes: [],
  next: ['npx axle deploy'],
}

// What hosts really answer is held against the schemas in packages/axle/test/e2e/output.e2e.test.ts.
describe('what --json prints keeps to its schema', () => {
  it.each<[line: string, schema: string, answers: readonly Heard[]]>([
    ['deploy', 'event', [...events, end]],
    ['deploy', 'event', events.slice(0, 2)],
    ['deploy --host a;b', 'event', []],
    ['rollback --hots', 'event', []],
    ['rollback', 'event', [{ t: 'error', error: { code: 'AXLE_LOCKED', message: 'bob', exit: 4 } }]],
    ['restart --wait', 'event', [waiting, accepted, ...events, end]],
    ['stop', 'event', [...events, end]],
    ['start', 'event', [...events, end]],
    ['deploy --detach', 'event', [accepted]],
    ['deploy --attach', 'event', [...events, end]],
    ['deploy --attach --now', 'event', []],
    ['env set KEY --service api --restart', 'event', [env, accepted, ...events, end]],
    ['env unset KEY --service api --restart', 'event', [env, accepted]],
    ['env unset KEY --restart --hots', 'event', []],
    ['deploy --dry-run', 'plan', [plan('deploy'), end]],
    ['rollback --dry-run', 'plan', [plan('rollback'), end]],
    ['restart --dry-run', 'plan', [plan('restart'), end]],
    ['stop --dry-run', 'plan', [plan('stop'), end]],
    ['start --dry-run', 'plan', [plan('start'), end]],
    ['exec --service api -- x --quiet', 'exec', [...output, { t: 'end', exit: 137 }]],
    ['exec -- x', 'failure', []],
    ['exec --hots -- x', 'failure', []],
    ['init', 'init', []],
    ['init --host a;b', 'failure', []],
    ['logs', 'logs', [{ t: 'line', line: { time: 'now', service: 'api', slot: 'a', message: 'hello' } }, end]],
    ['health', 'health', [health, end]],
    ['history', 'history', [{ t: 'answer', answer: { verb: 'history', answer: { operations: [] } } }, end]],
    ['env list', 'env-list', [env, end]],
    ['env set KEY --service api', 'env-set', [env, end]],
    ['env unset KEY --service api', 'env-set', [env, end]],
    ['status', 'failure', [{ t: 'error', error: { code: 'AXLE_STATE', message: 'no', exit: 1 } }]],
    ['status --host a;b', 'failure', []],
    ['status --hots', 'failure', []],
    ['deploy --dry-run --hots', 'failure', []],
    ['schema nothing', 'failure', []],
  ])('%s: %s', async (line, schema, answers) => {
    const words = line.includes(' -- ') ? line.replace(' -- ', ' --json -- ') : `${line} --json`
    const { out } = await axle(words, answers, { stdin: 'value', init })
    const printed = out.trim().split('\n')
    expect(printed.length).toBeGreaterThan(0)
    for (const one of printed) expect(errors(schema, JSON.parse(one))).toEqual([])
  })
})
