import { expectTypeOf, test } from 'vitest'
import { defineConfig, definePlugin, defineService, type Plugin, type ResourceInput, secret, z } from '../src/index.ts'

test('a service takes what it is documented to take', () => {
  defineService({ name: 'api', start: 'node server.js' })
  defineService({
    name: 'api',
    start: ['node', 'server.js'],
    port: 8000,
    route: '/api/',
    health: { path: '/health', within: '30s' },
    env: { PLAIN: 'value', KEY: secret(), OTHER: secret('NAME', { optional: true }) },
    hooks: {
      'deploy:verify': async ({ http, url, through, release }) => {
        expectTypeOf(through).toEqualTypeOf<'candidate' | 'gateway'>()
        expectTypeOf(release.slot).toEqualTypeOf<'a' | 'b'>()
        if (url !== undefined) await http(url)
      },
      'deploy:done': {
        order: 'post',
        within: 1_000,
        root: true,
        handler: ({ previous }) => {
          expectTypeOf(previous).toEqualTypeOf<string | undefined>()
        },
      },
    },
  })
})

test('a wrong key, a wrong hook and a wrong duration are errors in the editor', () => {
  // @ts-expect-error no such key
  defineService({ name: 'api', start: 'node server.js', prot: 8000 })
  // @ts-expect-error no such hook
  defineService({ name: 'api', start: 'node server.js', hooks: { 'deploy:verified': () => {} } })
  // @ts-expect-error not a duration
  defineService({ name: 'api', start: 'node server.js', drain: '30 seconds' })
  // @ts-expect-error start is missing
  defineService({ name: 'api' })
})

test('a plugin: the factory takes what its schema takes, hooks get what it gives', () => {
  const timed = definePlugin({
    name: 'timed',
    core: '^0.0.0',
    options: z.strictObject({ every: z.string().transform(Number) }),
    hooks: {
      'deploy:done': ({ options }) => {
        expectTypeOf(options.every).toEqualTypeOf<number>()
      },
    },
  })
  expectTypeOf(timed({ every: '5' })).toExtend<Plugin<'timed'>>()
  // @ts-expect-error the schema's input is a string
  timed({ every: 5 })
  // @ts-expect-error options are required
  timed()
  const plain = definePlugin({
    name: 'plain',
    core: '*',
    options: z.strictObject({ deep: z.boolean().default(false) }),
  })
  defineConfig({
    services: [defineService({ name: 'api', start: 'x' })],
    plugins: [plain(), [timed({ every: '1' })], false, null],
  })
})

test('resources are data: a function in a spec is an error', () => {
  const resource: ResourceInput = { kind: 'file', id: '/x', scope: 'host', phase: 'before', spec: { content: 'text' } }
  // @ts-expect-error a function is no JSON
  const wrong: ResourceInput = { ...resource, spec: { content: () => '' } }
  expectTypeOf(wrong).toExtend<ResourceInput>()
})
