import { codeOf } from '@axle-ia/core'
import { expect, test } from 'vitest'
import { apiList, listedServices } from '../src/api-list.ts'
import { nginx } from '../src/index.ts'
import { facts, placed } from './fixtures.ts'

const resourceKey = ({ kind, id }: { readonly kind: string; readonly id: string }): string => `${kind}:${id}`
const contribute = (domain?: string, services = [placed()]) =>
  codeOf(nginx()).contribute({ project: 'shop', facts, gateway: domain === undefined ? {} : { domain }, services })
    .resources ?? []

test('with a domain: the http file, the site, the list and a file for the service', () => {
  expect(contribute('api.example.com').map((one) => `${one.scope} ${one.phase} ${resourceKey(one)}`)).toEqual([
    'host before directory:/etc/nginx/axle',
    'host before directory:/etc/nginx/axle/api.example.com',
    'host before directory:/var/lib/axle/gateway',
    'host before directory:/var/lib/axle/gateway/api.example.com',
    'host switch file:/etc/nginx/conf.d/axle.conf',
    'host switch file:/var/lib/axle/gateway/api.example.com/index.json',
    'host switch file:/etc/nginx/sites-available/api.example.com',
    'host switch link:/etc/nginx/sites-enabled/api.example.com',
    'service switch file:/etc/nginx/axle/api.example.com/pay-api.conf',
  ])
})

test("without one: port 80's default server, and the welcome page goes", () => {
  const keys = contribute().map(resourceKey)
  expect(keys).toContain('nginx/stock-site:/etc/nginx/sites-enabled/default')
  expect(keys).toContain('file:/etc/nginx/sites-available/axle-default')
  expect(keys).toContain('file:/etc/nginx/axle/axle-default/pay-api.conf')
})

test('a change of the list reloads nothing', () => {
  const list = contribute().find(({ id }) => id.endsWith('index.json'))
  expect(list?.notify).toBeUndefined()
})

test('a worker and a service without a route have no part in the gateway', () => {
  const { route: _route, ...hidden } = placed({ name: 'hidden' })
  const { ports: _ports, port: _port, ...worker } = placed({ name: 'worker' })
  expect(contribute('api.example.com', [hidden, worker]).filter(({ scope }) => scope === 'service')).toEqual([])
})

test('two projects say the same about what they share', () => {
  const inputs = (project: string) =>
    (codeOf(nginx()).contribute({ project, facts, gateway: {}, services: [placed({ name: project })] }).resources ?? [])
      .filter(({ scope }) => scope === 'host')
      .map((one) => [resourceKey(one), one.inputs ?? one.spec])
  expect(inputs('one')).toEqual(inputs('two'))
})

test('the list has the services of other projects on the same domain, and of the own one what the config says', () => {
  const deployed = [
    { name: 'gone', project: 'shop', route: '/gone/' },
    { name: 'blog', project: 'blog', route: '/blog/' },
    { name: 'else', project: 'blog', route: '/else/', domain: 'else.example.com' },
    { name: 'worker', project: 'blog' },
  ]
  const listed = listedServices('shop', {}, deployed, [placed()])
  expect(JSON.parse(apiList(listed))).toEqual({
    status: 'ok',
    apis: [
      { name: 'blog', route: '/blog/' },
      { name: 'pay-api', route: '/pay/' },
    ],
  })
})
