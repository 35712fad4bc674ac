import type { Tree } from './tree.ts'

export interface Source {
  readonly path: string
  readonly text: string
}

const CODE = /\.[cm]?[jt]sx?$/
const NOT_THE_SERVER =
  /\.d\.[cm]?ts$|\.(?:test|spec|stories|bench)\.|(?:^|\/)(?:tests?|__tests__|__mocks__|e2e|cypress|public|static|migrations|examples?|docs)\/|\.config\.[cm]?[jt]s$/
const MOST = 500

/** The project's own code, tests and configs left out. */
export async function readSources(tree: Tree): Promise<readonly Source[]> {
  const found: Source[] = []
  for (const path of tree.paths.filter((one) => CODE.test(one) && !NOT_THE_SERVER.test(one)).slice(0, MOST)) {
    const text = await tree.read(path)
    if (text !== undefined) found.push({ path, text: withoutComments(text) })
  }
  return found
}

/** Comments become blanks of the same lines. A "//" within a URL stays. */
function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(^|\s)\/\/[^\n]*/g, '$1')
}

/** `src/app.ts:12` */
export function placeIn({ path, text }: Source, index: number): string {
  return `${path}:${text.slice(0, index).split('\n').length}`
}
