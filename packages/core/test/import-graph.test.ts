import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = resolve(import.meta.dirname, '../src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
)

interface Import {
  readonly to: string
  readonly lazy: boolean
  readonly type: boolean
}

/** Relative imports come back as paths within src. */
function importsOf(path: string): readonly Import[] {
  const text = readFileSync(resolve(source, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
  const within = (to: string) => (to.startsWith('.') ? relative(source, resolve(source, dirname(path), to)) : to)
  const still = [...text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm)]
  const lazy = [...text.matchAll(/\bimport\('([^']+)'\)/g)]
  return [
    ...still.map(([, type, to = '']) => ({ to: within(to), lazy: false, type: type !== undefined })),
    ...lazy.map(([, to = '']) => ({ to: within(to), lazy: true, type: false })),
  ]
}

function crossing(from: string, to: RegExp, counts: (one: Import) => boolean = () => true): readonly string[] {
  return files
    .filter((path) => path.startsWith(from))
    .flatMap((path) =>
      importsOf(path)
        .filter((one) => counts(one) && to.test(one.to))
        .map((one) => `${path} → ${one.to}`),
    )
}

/** What runs when `path` is loaded: types are gone, lazy imports wait. */
function reaches(path: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const { to, lazy, type } of importsOf(path)) {
    if (lazy || type || seen.has(to)) continue
    seen.add(to)
    if (existsSync(resolve(source, to)) && to.endsWith('.ts')) reaches(to, seen)
  }
  return seen
}

describe('the import graph', () => {
  it('sees the imports at all', () => {
    expect(importsOf('cli/program.ts').map(({ to }) => to)).toEqual(
      expect.arrayContaining(['commander', 'cli/commands/table.ts', 'protocol/errors.ts']),
    )
  })
  it('engine/ imports neither client/ nor cli/', () => expect(crossing('engine/', /^(client|cli)\//)).toEqual([]))
  it('cli/ imports neither engine/ nor client/', () => expect(crossing('cli/', /^(engine|client)\//)).toEqual([]))
  it('protocol/ and define/ import of engine/ only the types of a host', () => {
    expect(crossing('protocol/', /^(engine|client|cli)\//)).toEqual([])
    expect(
      crossing('define/', /^(engine|client|cli)\//, ({ to, type }) => !(type && to === 'engine/host/host.ts')),
    ).toEqual([])
  })
  it('core imports no plugin', () => expect(crossing('', /^@axle-ia\/|^axle$/)).toEqual([]))
  it('node-ssh is the client’s alone', () =>
    expect(
      files.filter(
        (path) => !path.startsWith('client/') && importsOf(path).some(({ to }) => /^(node-ssh|ssh2)$/.test(to)),
      ),
    ).toEqual([]))
  it('what a config imports reaches no SSH client, engine or command line', () => {
    expect([...reaches('index.ts')].filter((to) => /ssh|^(client|cli|engine)\//.test(to))).toEqual([])
  })
  it('the program loads without zod', () =>
    expect([...reaches('cli/program.ts')].filter((to) => /^(zod|node-ssh|execa|esbuild)$/.test(to))).toEqual([]))
})
