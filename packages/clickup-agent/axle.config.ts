import { defineConfig, defineService, node, secret } from '@axle-ia/core'
import { recommended } from 'axle'

const clickupAgent = defineService({
  name: 'clickup-agent',
  build: 'pnpm build',
  // Built output, which git ignores. It is bundled whole: no node_modules travels.
  include: ['dist'],
  runtime: node({ version: '24' }),
  start: 'node dist/server.js',
  port: 8000,
  route: '/clickup-agent/',
  health: { path: '/health', within: '30s' },
  env: {
    ENVIRONMENT: 'production',
    OPENAI_API_KEY: secret({ optional: true }),
    OPENAI_BASE_URL: secret({ optional: true }),
    OPENAI_MODEL: secret({ optional: true }),
    CLICKUP_API_KEY: secret({ optional: true }),
    CLICKUP_TEAM_ID: secret({ optional: true }),
    MONGO_URI: secret({ optional: true }),
    ALLOWED_ORIGINS: secret({ optional: true }),
  },
})

// No host and no domain in here: they come from the command line (`axle deploy --host …`), so that the same config goes anywhere.
export default defineConfig({
  project: 'clickup-agent',
  services: [clickupAgent],
  plugins: recommended(),
})
