import { AxleError } from '../../protocol/errors.ts'
import type { Tree } from './tree.ts'

interface Language {
  readonly name: string
  readonly files: RegExp
  readonly hint: string
}

const PYTHON_HINT =
  'Python comes with a later release of Axle. Until then a program with everything in it (made with PyInstaller or shiv, say) is started with runtime: command().'

function binaryHint(build: string, start: string): string {
  return `Axle starts any program that is in the release. Put a package.json beside it (npm init -y), install axle and @axle-ia/core, and write axle.config.ts with:
  build: '${build}', include: ['${start.split('/')[1] ?? 'bin'}'], runtime: command(), start: '${start}', port: 8000, health: { path: '/health' }`
}

const LANGUAGES: readonly Language[] = [
  {
    name: 'Python',
    files:
      /^(?:pyproject\.toml|requirements[\w-]*\.txt|Pipfile|setup\.(?:py|cfg)|manage\.py|poetry\.lock|uv\.lock|environment\.ya?ml|(?:main|app|server|wsgi|asgi)\.py)$/,
    hint: PYTHON_HINT,
  },
  { name: 'Go', files: /^go\.mod$/, hint: binaryHint('go build -o bin/server .', './bin/server') },
  { name: 'Rust', files: /^Cargo\.toml$/, hint: binaryHint('cargo build --release', './target/release/server') },
  {
    name: 'Deno',
    files: /^deno\.jsonc?$/,
    hint: binaryHint('deno compile --allow-net --allow-env --output bin/server main.ts', './bin/server'),
  },
  {
    name: 'a language that Axle brings nothing for',
    files: /^(?:Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|mix\.exs|.+\.csproj|Package\.swift)$/,
    hint: binaryHint('make', './bin/server'),
  },
]

/** A folder without package.json: what it is instead, and what to do. */
export function noPackage(tree: Tree, folder: string): AxleError {
  const language = LANGUAGES.find(({ files }) => tree.paths.some((path) => files.test(path)))
  if (language !== undefined) {
    return new AxleError(
      'AXLE_INIT',
      `${folder} holds ${language.name === 'Python' ? 'a Python project' : `a project in ${language.name}`}, and axle init writes configs for Node.`,
      { hint: language.hint },
    )
  }
  const some = tree.paths.some((path) => !path.startsWith('.'))
  return new AxleError('AXLE_INIT', some ? `There is no package.json in ${folder}.` : `${folder} is empty.`, {
    hint: some
      ? 'Run axle init in the folder of the package.json of your server. To make one: npm init -y, and a "start" script that runs the server.'
      : 'Run axle init in the folder of your server. To begin one: npm init -y, write server.js that listens on process.env.PORT, and add the script "start": "node server.js".',
  })
}
