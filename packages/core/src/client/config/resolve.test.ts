import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { codeOf } from '../../define/behaviour.ts'
import { type ConfigInput, defineConfig } from '../../define/config.ts'
import { definePlugin } from '../../define/plugin.ts'
import { secret } from '../../define/secret.ts'
import { defineService, type ServiceInput } from '../../define/service.ts'
import { AxleError } from '../../protocol/errors.ts'
import { resolveConfig } from './resolve.ts'

const never = (): never => {
  throw new Error('not in this test')
}
const supervise = definePlugin({
  name: 'supervise',
  core: '*',
  options: z.strictObject({}),
  provides: { supervisor: never },
})
const gate = definePlugin({
  name: 'gate',
  core: '*',
  options: z.strictObject({ size: z.int('expected a whole number').optional() }),
  service: z.strictObject({ maxBody: z.string() }).optional(),
  provides: { gateway: never },
})
const old = definePlugin({ name: 'old', core: '^0.1.0', options: z.strictObject({}) })
const roles = [supervise(), gate()]

function service(fields: object): ReturnType<typeof defineService> {
  const base: ServiceInput = { name: 'shop', start: 'node server.js', port: 8000, route: '/shop/' }
  return defineService({ ...base, ...fields })
}

async function resolved(input: object, packageName?: string) {
  const base: ConfigInput = { project: 'demo', services: [service({})], plugins: roles }
  const config = defineConfig({ ...base, ...input })
  return resolveConfig(
    { file: '/project/axle.config.ts', input: codeOf(config), form: 'config' },
    { version: '1.2.0', packageName, fix: async (range) => (range === '24' ? '24.21.0' : range) },
  )
}

async function mistake(input: object, packageName?: string): Promise<AxleError> {
  const thrown = await resolved(input, packageName).catch((error: unknown) => error)
  if (thrown instanceof AxleError) return thrown
  throw new Error('expected a mistake')
}

const second = (fields: object) => ({
  services: [service({}), service({ name: 'blog', port: 8001, route: '/blog/', ...fields })],
})

describe('mistakes are named with their place and what to do', () => {
  it.each<[string, object, string]>([
    [
      'an unknown key',
      second({ nginx: {} }),
      'services[1].nginx: no plugin here takes this key: add nginx() to plugins',
    ],
    ['a misspelt key', second({ rout: '/x/' }), 'services[1].rout: there is no such key: did you mean "route"?'],
    ['a misspelt key of the config', { servces: [] }, 'servces: there is no such key: did you mean "services"?'],
    ['a key of a plugin, wrong', second({ gate: { maxBody: 3 } }), 'services[1].gate.maxBody: '],
    [
      'a key of a plugin that takes none',
      second({ supervise: {} }),
      'services[1].supervise: supervise() takes nothing from a service',
    ],
    ['a wrong route', second({ route: 'blog' }), 'services[1].route: expected a path that begins and ends with "/"'],
    ['a route twice', second({ route: '/shop/' }), 'services[1].route: /shop/ is taken by services[0] (shop)'],
    ['a port twice', second({ port: 8000 }), 'services[1].port: 8000 is taken by services[0] (shop)'],
    ['a name twice', second({ name: 'shop' }), 'services[1].name: shop is taken by services[0] (shop)'],
    [
      'after nobody',
      second({ after: ['shpo'] }),
      'services[1].after[0]: there is no service "shpo": did you mean "shop"?',
    ],
    ['after itself', second({ after: ['blog'] }), 'services[1].after: goes round in a circle: blog → blog'],
    ['a route without a port', { services: [service({ port: undefined })] }, 'services[0].route: a route needs a port'],
    ['a shell line', { services: [service({ start: 'a && b' })] }, 'services[0].start: "&&" is a shell\'s'],
    ['an open quote', { services: [service({ start: "node 'x" })] }, "services[0].start: a quote (') is never closed"],
    [
      'an unknown hook',
      { services: [service({ hooks: { 'deploy:verfy': never } })] },
      'services[0].hooks["deploy:verfy"]: there is no such hook: did you mean "deploy:verify"?',
    ],
    [
      'a hook that is no function',
      { services: [service({ hooks: { 'deploy:verify': 1 } })] },
      'services[0].hooks["deploy:verify"]: expected a function',
    ],
    [
      'a variable of ours',
      { services: [service({ env: { PORT: '1' } })] },
      'services[0].env.PORT: Axle sets it itself',
    ],
    ['options of a plugin', { plugins: [supervise(), gate({ size: 0.5 })] }, 'plugins[1].options.size: '],
    ['host and hosts', { host: 'a', hosts: ['b'] }, 'hosts: host and hosts say the same thing'],
    ['a host that is none', { host: 'no host' }, 'host: expected "user@host"'],
  ])('%s', async (_, input, text) => {
    expect((await mistake(input)).message).toContain(text)
  })

  it('names all of them at once', async () => {
    const { message, code } = await mistake({ host: 'no host', ...second({ route: 'x', nginx: {} }) })
    expect(code).toBe('AXLE_CONFIG_INVALID')
    expect(message).toContain('3 mistakes')
  })

  it('has codes for roles and for plugins that do not fit', async () => {
    expect(await mistake({ plugins: [supervise()] })).toMatchObject({ code: 'AXLE_ROLE', exit: 2 })
    const another = definePlugin({
      name: 'other',
      core: '*',
      options: z.strictObject({}),
      provides: { gateway: never },
    })
    expect((await mistake({ plugins: [...roles, another()] })).message).toContain(
      'gate() and other() are each a gateway',
    )
    expect(await mistake({ plugins: [...roles, old()] })).toMatchObject({ code: 'AXLE_PLUGIN', where: 'plugins[2]' })
  })

  it('needs a name for the project from somewhere', async () => {
    expect((await mistake({ project: undefined })).where).toBe('project')
    expect((await mistake({ project: undefined }, 'Not A Name')).where).toBe('project')
    expect((await resolved({ project: undefined }, '@acme/shop')).config.project).toBe('shop')
  })
})

describe('what is resolved', () => {
  it('has all defaults, in JSON', async () => {
    const { config } = await resolved({
      services: [service({ env: { A: 'x', KEY: secret({ optional: true }), B: secret('C') } })],
    })
    expect(config.services[0]).toEqual({
      name: 'shop',
      runtime: { kind: 'node', options: { version: '24.21.0' } },
      start: ['node', 'server.js'],
      port: 8000,
      route: '/shop/',
      health: { path: '/', within: 30_000, passes: 3, interval: 100 },
      overlap: true,
      after: [],
      env: { A: 'x', KEY: { secret: 'KEY', optional: true }, B: { secret: 'C', optional: false } },
      drain: 30_000,
      keep: 5,
      extensions: {},
      hooks: [],
    })
    expect(JSON.parse(JSON.stringify(config))).toEqual(config)
  })

  it('a worker does not overlap, and has no health', async () => {
    const { config } = await resolved({ services: [service({ port: undefined, route: undefined })] })
    expect(config.services[0]).toMatchObject({ overlap: false })
    expect(config.services[0]).not.toHaveProperty('health')
  })

  it('hosts have user, port and an absolute identity', async () => {
    const { hosts } = await resolved({ host: { address: 'deploy@[2001:db8::1]:2222', identity: 'keys/id' } })
    expect(hosts).toEqual([{ user: 'deploy', host: '2001:db8::1', port: 2222, identity: '/project/keys/id' }])
  })

  it('splits start with quotes, and expands nothing', async () => {
    const { config } = await resolved({ services: [service({ start: `node "a b.js" --name='x "y"' $PORT ''` })] })
    expect(config.services[0]?.start).toEqual(['node', 'a b.js', '--name=x "y"', '$PORT', ''])
  })
})
