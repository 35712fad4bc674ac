import type { Facts, PlacedService } from '@axle-ia/core'

/** A resolved service as tests need it. Not part of what is published: nothing of the plugin imports it. */
export function placed(changes: Partial<PlacedService> = {}): PlacedService {
  return {
    project: 'shop',
    name: 'pay-api',
    runtime: { kind: 'node', options: { version: '24.1.0' } },
    start: ['node', 'server.js'],
    port: 8000,
    ports: { a: 8000, b: 20_000 },
    route: '/pay/',
    overlap: true,
    after: [],
    env: {},
    drain: 30_000,
    keep: 5,
    extensions: {},
    hooks: [],
    ...changes,
  }
}

export const facts: Facts = {
  hostname: 'web',
  os: { id: 'debian', version: '12', like: [] },
  arch: 'x64',
  addresses: ['198.18.0.2'],
  services: [],
}
