import { defineConfig, definePlugin, defineService, z } from '@axle-ia/core'

/** Both roles, filled by what does nothing: no operation gets as far as asking them. */
const nobody = definePlugin({
  name: 'nobody',
  core: '*',
  options: z.strictObject({}),
  provides: {
    supervisor: () => ({
      start: async () => {},
      stop: async () => {},
      restart: async () => {},
      check: async () => {
        throw new Error('nothing is started here')
      },
      state: async () => ({ state: 'inactive', restarts: 0 }),
      adopt: async () => {},
      disown: async () => {},
      async *logs() {},
      confine: (_service, argv) => argv,
      inside: (_slot, argv) => argv,
    }),
    gateway: () => ({
      endpoint: () => ({ url: 'http://127.0.0.1:1/', headers: {} }),
      check: async () => {},
      switchTo: async () => {},
      connections: async () => 0,
      address: () => 'http://127.0.0.1/',
    }),
  },
})

export default defineConfig({
  project: 'fuzzed',
  services: [defineService({ name: 'api', start: 'node server.js', port: 8100, health: { path: '/' } })],
  plugins: [nobody()],
})
