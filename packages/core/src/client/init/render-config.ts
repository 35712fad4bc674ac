/** All that the config says. What is absent is left out of it. */
export interface Answers {
  readonly project: string
  readonly name: string
  readonly build: string | undefined
  readonly include: readonly string[]
  readonly node: string
  readonly start: string
  readonly port: number | undefined
  readonly route: string | undefined
  readonly health: { readonly path: string; readonly comment: string } | undefined
  readonly env: Readonly<Record<string, string>>
  readonly secrets: readonly { readonly name: string; readonly optional: boolean }[]
  /** Names whose values have to be filled in. */
  readonly open: readonly string[]
  readonly host: string | undefined
  readonly domain: string | undefined
}

/** The text of axle.config.ts: small, formatted, with a comment where one does not guess. */
export function renderConfig(answers: Answers): string {
  const { host, domain } = answers
  const names = ['defineConfig', 'defineService', 'node', ...(answers.secrets.length > 0 ? ['secret'] : [])]
  const imports = [`import { ${names.join(', ')} } from '@axle-ia/core'`, "import { recommended } from 'axle'"]
  return `${imports.join('\n')}

const service = defineService({
${lines(serviceLines(answers), 2)}
})

export default defineConfig({
${lines(
  [
    `project: ${text(answers.project)},`,
    ...(host === undefined ? [] : [`host: ${text(host)},`]),
    ...(domain === undefined ? [] : [`gateway: { domain: ${text(domain)} },`]),
    'services: [service], // a further one is one more entry',
    'plugins: recommended(), // systemd and nginx',
  ],
  2,
)}
})
`
}

function serviceLines(answers: Answers): readonly string[] {
  const { build, include, port, route, health } = answers
  return [
    `name: ${text(answers.name)},`,
    ...(build === undefined ? [] : [`build: ${text(build)}, // runs on this machine`]),
    ...(include.length === 0
      ? []
      : [`include: [${include.map(text).join(', ')}], // travels even though git ignores it`]),
    `runtime: node({ version: ${text(answers.node)} }), // brought to the host`,
    `start: ${text(answers.start)}, // no shell${port === undefined ? '' : '; the app listens on $PORT'}`,
    ...(port === undefined ? [] : [`port: ${port},`]),
    ...(route === undefined ? [] : [`route: ${text(route)},${route === '/' ? '' : ' // prefix taken off'}`]),
    ...(health === undefined ? [] : [`health: { path: ${text(health.path)}, within: '30s' }, // ${health.comment}`]),
    ...envLines(answers),
  ]
}

function envLines({ env, secrets, open }: Answers): readonly string[] {
  const entries = [
    ...Object.entries(env).map(([name, value]) => `${name}: ${text(value)},`),
    ...secrets.map(({ name, optional }) => `${name}: secret(${optional ? '{ optional: true }' : ''}),`),
    ...open.map((name) => `// ${name}: '…',`),
  ]
  return entries.length === 0 ? [] : ['env: {', ...entries.map((line) => `  ${line}`), '},']
}

function lines(all: readonly string[], indent: number): string {
  return all.map((line) => `${' '.repeat(indent)}${line}`).join('\n')
}

/** A string literal in single quotes, as the rest of the file has them. */
function text(value: string): string {
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner}'`
}
