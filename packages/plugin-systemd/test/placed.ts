import type { PlacedService } from '@axle-ia/core'

/** A resolved service as tests need it. */
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
