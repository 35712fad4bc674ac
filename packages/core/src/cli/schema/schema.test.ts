import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { FromHost } from '../../protocol/wire.ts'
import { axle, begun, stamp } from '../testing/fake-axle.ts'
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
].map((event): FromHost => ({ t: 'event', event }))
const end: FromHost = { t: 'end', exit: 0 }
const env: FromHost = { t: 'answer', answer: { verb: 'env', answer: { service: 'api', names: [] } } }
const check = { check: 'direct', ok: true, detail: '200', ms: 1 }
const health: FromHost = { t: 'answer', answer: { verb: 'health', answer: { healthy: true, checks: [check] } } }

// What hosts really answer is held against the schemas in packages/axle/test/e2e/output.e2e.test.ts.
describe('what --json prints keeps to its schema', () => {
  it.each<[line: string, schema: string, answers: FromHost[]]>([
    ['deploy', 'event', [...events, end]],
    ['deploy', 'event', events.slice(0, 2)],
    ['deploy --host a;b', 'event', []],
    ['rollback --hots', 'event', []],
    ['rollback', 'event', [{ t: 'error', error: { code: 'AXLE_LOCKED', message: 'bob', exit: 4 } }]],
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
    const { out } = await axle(`${line} --json`, answers, { stdin: 'value' })
    const printed = out.trim().split('\n')
    expect(printed.length).toBeGreaterThan(0)
    for (const one of printed) expect(errors(schema, JSON.parse(one))).toEqual([])
  })
})
