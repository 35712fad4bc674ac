import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import ignore, { type Ignore } from 'ignore'

/** One file of rules, and the folder that its patterns are relative to. */
interface Layer {
  readonly folder: string
  readonly rules: Ignore
}

/** Rules of all files called `name` from a starting folder down to some folder; a deeper file has the last word. */
export class Rules {
  readonly #name: string
  readonly #layers: readonly Layer[]

  private constructor(name: string, layers: readonly Layer[]) {
    this.#name = name
    this.#layers = layers
  }

  static none(name: string): Rules {
    return new Rules(name, [])
  }

  /** With the file in `folder`, if there is one. */
  async within(folder: string): Promise<Rules> {
    const text = await readFile(join(folder, this.#name), 'utf8').catch(() => undefined)
    if (text === undefined) return this
    return new Rules(this.#name, [...this.#layers, { folder, rules: ignore().add(text) }])
  }

  ignores(path: string, isFolder: boolean): boolean {
    for (const { folder, rules } of this.#layers.toReversed()) {
      const inside = relative(folder, path).split(sep).join('/')
      const result = rules.checkIgnore(isFolder ? `${inside}/` : inside)
      if (result.ignored) return true
      if (result.unignored) return false
    }
    return false
  }
}

/** The rules that git has for `root` from the folders above it, up to the repository's top. */
export async function gitRulesAbove(root: string): Promise<{ readonly rules: Rules; readonly ignored: boolean }> {
  const above: string[] = []
  let top = root
  while ((await stat(join(top, '.git')).catch(() => undefined)) === undefined) {
    if (dirname(top) === top) return { rules: Rules.none('.gitignore'), ignored: false }
    top = dirname(top)
    above.unshift(top)
  }
  let rules = Rules.none('.gitignore')
  for (const folder of above) rules = await rules.within(folder)
  return { rules, ignored: top !== root && rules.ignores(root, true) }
}
