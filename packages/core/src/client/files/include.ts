import ignore from 'ignore'

/** What `include` names: files and folders that travel even where git ignores them. Entries are paths or gitignore patterns. */
export interface Include {
  has(path: string): boolean
  /** Something beneath this folder may be included. */
  mayHold(folder: string): boolean
  /** Entries that are plain paths, as they were written and as they are looked for. */
  readonly paths: readonly { readonly written: string; readonly path: string }[]
}

export function includeOf(entries: readonly string[]): Include {
  const patterns = entries.map((entry) => entry.replace(/^(!?)(?:\.\/|\/)*/, '$1').replace(/\/+$/, ''))
  const everything = patterns.includes('.') || patterns.includes('')
  const rules = ignore().add(
    patterns
      .filter((pattern) => pattern !== '.' && pattern !== '')
      .map((pattern) => (pattern.startsWith('!') ? `!/${pattern.slice(1)}` : `/${pattern}`)),
  )
  // The part of each pattern that is a plain path: what it names lies beneath.
  const stems = patterns
    .filter((pattern) => !pattern.startsWith('!'))
    .map((pattern) => pattern.replace(/(?:^|\/)[^/]*[*?[].*$/, ''))
  return {
    paths: entries.flatMap((written, index) => {
      const path = patterns[index] ?? ''
      return path === '' || path === '.' || /^!|[*?[\\]/.test(path) ? [] : [{ written, path }]
    }),
    has: (path) => everything || rules.ignores(path),
    mayHold: (folder) =>
      everything ||
      stems.some(
        (stem) => stem === '' || stem === folder || stem.startsWith(`${folder}/`) || folder.startsWith(`${stem}/`),
      ),
  }
}
