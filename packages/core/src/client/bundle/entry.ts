export interface EntryInput {
  /** Absolute paths. */
  readonly file: string
  readonly host: string
  readonly core: string
  readonly form: 'config' | 'service'
}

/** The first module of the engine's bundle: the config, handed to what starts on the host. */
export function entryOf({ file, host, core, form }: EntryInput): string {
  const lines = [`import { startHost } from ${JSON.stringify(host)}`, `import exported from ${JSON.stringify(file)}`]
  if (form === 'config') return [...lines, 'startHost(exported)', ''].join('\n')
  // As the client reads it: a service of its own, with the recommended plugins around it.
  return [
    ...lines,
    `import { defineConfig } from ${JSON.stringify(core)}`,
    `import { recommended } from 'axle'`,
    'startHost(defineConfig({ services: [exported], plugins: recommended() }))',
    '',
  ].join('\n')
}
