import { expect, it } from 'vitest'
import type { Prompt } from '../../cli/io/prompt.ts'
import { answer } from './answer.ts'
import { readProject } from './read-project.ts'
import { renderConfig } from './render-config.ts'
import { memoryTree } from './tree.ts'

const given = { name: undefined, host: undefined, domain: undefined, build: 'npm run build', folder: 'shop' }

async function found(files: Readonly<Record<string, string>>) {
  return readProject(memoryTree({ 'package.json': '{}', ...files }), {
    folder: '/work/shop',
    member: false,
    startOtherwise: (problem) => Promise.reject(problem),
  })
}

/** Answers in order; what it was asked, and what it would have refused. */
function person(...answers: readonly string[]) {
  const asked: string[] = []
  const left = [...answers]
  const prompt: Prompt = {
    text: async (question, { initial, check } = {}) => {
      asked.push(question)
      const said = left.shift() ?? initial ?? ''
      const wrong = check?.(said)
      if (wrong !== undefined) throw new Error(wrong)
      return said
    },
    secret: () => Promise.reject(new Error('asks for no secret')),
    confirm: () => Promise.reject(new Error('asks for no consent')),
  }
  return { prompt, asked }
}

const server = { 'server.js': "app.get('/health', ok); app.listen(process.env.PORT)" }

it('asks for the host, the domain and the route, and for the health path only where none was found', async () => {
  const { prompt, asked } = person('deploy@a.example.com', '', '/shop/')
  const { answers } = await answer(await found(server), given, prompt)
  expect(answers).toMatchObject({ host: 'deploy@a.example.com', domain: undefined, route: '/shop/' })
  expect(asked.map((question) => question.split(' ').slice(0, 2).join(' '))).toEqual([
    'Which host',
    'Which domain',
    'Under which',
  ])

  const other = person('', 'a.example.com', '', '/ok')
  expect(
    (await answer(await found({ 'server.js': 'app.listen(process.env.PORT)' }), given, other.prompt)).answers,
  ).toMatchObject({
    host: undefined,
    domain: 'a.example.com',
    route: '/',
    health: { path: '/ok' },
  })
})

it('asks nothing that was given, and of a worker only where it goes', async () => {
  const { prompt, asked } = person()
  await answer(await found(server), { ...given, host: 'a@b', domain: 'a.example.com' }, prompt)
  expect(asked).toHaveLength(1)
  const worker = person()
  await answer(await found({ 'index.js': 'work()' }), given, worker.prompt)
  expect(worker.asked).toHaveLength(1)
})

it('refuses at once what the config would refuse', async () => {
  await expect(answer(await found(server), given, person('a;b').prompt)).rejects.toThrow('expected "user@host"')
  await expect(answer(await found(server), given, person('', 'no domain').prompt)).rejects.toThrow('a domain name')
})

it('asks nobody where nobody sits, and says what it took', async () => {
  const { answers, notes } = await answer(
    await found({ 'server.js': 'app.listen(process.env.PORT)' }),
    given,
    undefined,
  )
  expect(answers).toMatchObject({ host: undefined, route: '/', health: { path: '/' }, name: 'shop' })
  expect(notes).toEqual([expect.stringContaining('health.path is "/"')])
})

it('writes text that survives any value', () => {
  const text = renderConfig({
    project: 'shop',
    name: 'shop',
    build: undefined,
    include: [],
    node: '24',
    start: 'node "a b.js"',
    port: undefined,
    route: undefined,
    health: undefined,
    env: { A: `it's "quoted" \\ and\nlong` },
    secrets: [],
    open: [],
    host: undefined,
    domain: undefined,
  })
  expect(text).toContain(String.raw`A: 'it\'s "quoted" \\ and\nlong',`)
  expect(text).toContain(`start: 'node "a b.js"', // no shell\n`)
  expect(text).not.toMatch(/\b(?:port|route|health|build|include):|secret/)
})
