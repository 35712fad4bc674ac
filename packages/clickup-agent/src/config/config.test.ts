import { describe, expect, it } from 'vitest'
import { serverProcess } from '../testing/process.ts'
import { loadConfig } from './config.ts'
import { ConfigError } from './config-error.ts'

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return Object.fromEntries(error.problems.map((p) => [p.variable, p.problem]))
    throw error
  }
  return {}
}

describe('loadConfig', () => {
  it('runs with nothing set', () => {
    expect(loadConfig({})).toMatchObject({
      environment: 'development',
      host: '127.0.0.1',
      port: 8000,
      model: undefined,
      allowedOrigins: [],
      memory: { kind: 'sqlite', file: `${process.cwd()}/data/clickup-agent.sqlite` },
      secrets: [],
    })
  })

  it('takes a blank value as none', () => {
    expect(loadConfig({ OPENAI_API_KEY: '', MONGO_URI: ' ', PORT: '' })).toMatchObject({ model: undefined, port: 8000 })
  })

  it("keeps its data in the first of systemd's state directories, or where DATA_DIR says", () => {
    const file = (env: Record<string, string>) => loadConfig(env).memory
    expect(file({ STATE_DIRECTORY: '/var/lib/agent:/var/lib/more' })).toMatchObject({
      file: '/var/lib/agent/clickup-agent.sqlite',
    })
    expect(file({ STATE_DIRECTORY: '/var/lib/agent', DATA_DIR: '/srv/x' })).toMatchObject({
      file: '/srv/x/clickup-agent.sqlite',
    })
  })

  it('splits origins', () => {
    expect(loadConfig({ ALLOWED_ORIGINS: 'https://a.example, http://localhost:3000,' }).allowedOrigins).toEqual([
      'https://a.example',
      'http://localhost:3000',
    ])
  })

  it('counts a password inside MONGO_URI as a secret', () => {
    expect(loadConfig({ MONGO_URI: 'mongodb://app:hunter22@db/x' }).secrets).toEqual([
      'mongodb://app:hunter22@db/x',
      'hunter22',
    ])
  })

  it.each([
    ['PORT', '99999'],
    ['PORT', '80.5'],
    ['HOST', 'a host'],
    ['LOG_LEVEL', 'loud'],
    ['ENVIRONMENT', 'prod'],
    ['ALLOWED_ORIGINS', 'https://a.example/'],
    ['ALLOWED_ORIGINS', 'a.example'],
    ['OPENAI_API_KEY', 'sk-with a-space'],
    ['OPENAI_BASE_URL', 'ftp://a.example'],
    ['OPENAI_BASE_URL', 'https://user:pass@a.example'],
    ['OPENAI_MODEL', 'two words'],
    ['CLICKUP_API_KEY', 'pk\nx'],
    ['CLICKUP_TEAM_ID', 'team'],
    ['MONGO_URI', 'https://a.example'],
  ])('refuses %s=%s, by its name', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(Object.keys(problems)).toEqual([name])
    expect(problems[name]).toMatch(/^expected /)
  })
})

describe('a start with a bad environment', () => {
  it('ends with 78, names every variable and prints no value', async () => {
    await using server = serverProcess({
      PORT: 'canary-port',
      OPENAI_API_KEY: 'canary key',
      MONGO_URI: 'canary://u:p@h',
    })
    expect(await server.exit).toBe(78)
    for (const name of ['PORT', 'OPENAI_API_KEY', 'MONGO_URI']) expect(server.output()).toContain(`  ${name}: expected`)
    expect(server.output()).not.toContain('canary')
  })

  it('does not quote a connection string that only the driver can judge', async () => {
    await using server = serverProcess({ MONGO_URI: 'mongodb://app:canary@h@h:x/' })
    expect(await server.exit).toBe(78)
    expect(server.output()).toContain('MONGO_URI: the MongoDB driver cannot read')
    expect(server.output()).not.toContain('canary')
  })

  it('says which folder it cannot use', async () => {
    await using server = serverProcess({ DATA_DIR: '/proc/nowhere' })
    expect(await server.exit).toBe(1)
    expect(server.output()).toMatch(/Cannot open \/proc\/nowhere\/clickup-agent\.sqlite \(see DATA_DIR\)/)
  })
})
